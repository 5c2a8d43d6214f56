import type { Account } from '../../accounts/account.ts';
import type { Deps } from '../../deps.ts';
import { type ClientRule, listClientRules } from '../../policy/rules-of-apps.ts';
import { countWithoutFactor, type People } from '../../policy/stopped-store.ts';
import { listTwoFactorRules, type TwoFactorRule } from '../../policy/two-factor-rules.ts';
import { countHolds, type Holds } from '../../throttle/count-holds.ts';
import type { Visit } from '../../web/visit.ts';
import { createDayCounts, type DayCount } from './count-days.ts';
import { countPeople, type PeopleCount } from './count-people.ts';
import { remember } from './remembered.ts';
import { countDelivery, countHelpRequests, type Delivery } from './store.ts';

export interface ComingRule {
  readonly rule: Pick<TwoFactorRule, 'group' | 'required_from_at'> & {
    /** The app that it is about; null: it is about people. */
    readonly client: ClientRule['client'] | null;
    readonly people: People;
  };
  /** Whom it will stop, as it is now. */
  readonly without: number;
}

export interface Overview {
  /** The administrator. */
  readonly account: Account;
  readonly people: PeopleCount;
  /** When people were counted; what is below is counted with every look or every minute. */
  readonly countedAt: number;
  readonly days: readonly DayCount[];
  readonly holds: Holds;
  readonly mails: Delivery;
  /** Null where no text messages are sent. */
  readonly texts: Delivery | null;
  /** How far this machine's clock is from the database's, in milliseconds. */
  readonly clockOffset: number;
  /** There is but one clock: the database lies on this machine. */
  readonly oneClock: boolean;
  readonly helpRequests: number;
  readonly coming: readonly ComingRule[];
}

/** More groups than these have no rule of their own that is coming. */
const RULES_SHOWN = 10;

/** Counts what the page shows; what is dear only once a minute in this process. */
export function createOverview(deps: Deps) {
  const { database, clock, clockOffset, config } = deps;
  const { db } = database;
  const people = remember(clock, () => countPeople(deps));
  const days = remember(clock, createDayCounts(deps));
  const coming = remember(clock, async (): Promise<ComingRule[]> => {
    const now = clock.now();
    const all = [
      ...(await listTwoFactorRules(db)).map((rule) => ({
        ...rule,
        client: null,
        people: rule.group?.id ?? null,
      })),
      ...(await listClientRules(db)).map((rule) => ({ ...rule, group: null })),
    ];
    const rules = all.filter(({ required_from_at }) => required_from_at > now);
    const shown = rules.sort((one, other) => one.required_from_at - other.required_from_at);
    const counted: ComingRule[] = [];
    for (const rule of shown.slice(0, RULES_SHOWN))
      counted.push({ rule, without: await countWithoutFactor(db, rule.people) });
    return counted;
  });

  return async ({ now }: Visit, account: Account): Promise<Overview> => {
    const { value, at } = await people();
    return {
      account,
      people: value,
      countedAt: at,
      days: (await days()).value,
      holds: await countHolds(db, now),
      mails: await countDelivery(db, 'mail', now),
      texts: config.textMessages ? await countDelivery(db, 'sms', now) : null,
      clockOffset: clockOffset.ms,
      oneClock: database.engine === 'sqlite',
      helpRequests: await countHelpRequests(db, now),
      coming: (await coming()).value.filter(({ rule }) => rule.required_from_at > now),
    };
  };
}
