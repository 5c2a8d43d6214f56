import type { Account } from '../../accounts/account.ts';
import { deleteAccount, WAY_BACK } from '../../accounts/delete-account.ts';
import { findDeletion } from '../../accounts/deletion-store.ts';
import { startPasswordReset } from '../../accounts/reset-link.ts';
import type { By } from '../../audit/by.ts';
import type { Tx } from '../../database/open.ts';
import type { Deps } from '../../deps.ts';
import { RESET_REASON_LENGTH, resetTwoFactor } from '../../factors/reset-two-factor.ts';
import { listFactors } from '../../factors/store.ts';
import { spendOrRefuse } from '../../throttle/brake.ts';
import { countedOf, MAIL_TO_ADDRESS } from '../../throttle/brakes.ts';
import { formatDuration } from '../../words/dates.ts';
import type { Locale } from '../../words/locale.ts';
import type { NoticeCode } from '../../words/notices.en.ts';
import type { ReasonWords } from './form-pages.ts';
import { personWords } from './words.ts';

/** Characters; as many as the mails take. */
export const REASON_LENGTH = RESET_REASON_LENGTH;

/** Something that is done about somebody else, and for which there is a reason. */
export interface ReasonDeed {
  /** Below the person's page. */
  readonly path: string;
  words(locale: Locale, person: Account): ReasonWords;
  /** False where there is nothing to do it to; the page says so. */
  isPossible(person: Account): Promise<boolean>;
  /** `doneBy`: the administrator's name. @throws {Refusal} */
  act(tx: Tx, by: By, order: { id: string; reason: string; doneBy: string }): Promise<unknown>;
  readonly done: NoticeCode;
}

export function reasonDeeds(deps: Deps): readonly ReasonDeed[] {
  const { db } = deps.database;
  return [
    {
      path: 'reset-two-factor',
      done: 'person_reset',
      words(locale, { name }) {
        const { reset: w } = personWords[locale].forms;
        return { ...w, lead: w.lead(name), sure: w.sure(name), reasonHint: w.reasonHint(name) };
      },
      isPossible: async ({ id, two_factor_at }) =>
        two_factor_at !== null || (await listFactors(db, id)).length > 0,
      act: (tx, by, order) => resetTwoFactor(tx, deps, by, order),
    },
    {
      path: 'reset-password',
      done: 'person_reset_sent',
      words(locale, { name, email }) {
        const { password: w } = personWords[locale].forms;
        return { ...w, lead: w.lead(name, email), sure: null };
      },
      isPossible: async ({ password_hash, suspended_at }) => password_hash !== null && suspended_at === null,
      async act(tx, by, order) {
        await spendMail(tx, order.id, by.place.now);
        return startPasswordReset(tx, deps, by, order);
      },
    },
    {
      path: 'delete',
      done: 'person_leaving',
      words(locale, { name }) {
        const { erase: w } = personWords[locale].forms;
        const rest = { sure: w.sure(name), reasonHint: w.reasonHint(name) };
        return { ...w, lead: w.lead(name, formatDuration(WAY_BACK, locale)), ...rest };
      },
      isPossible: async (person) => (await findDeletion(db, person)) === null,
      act: (tx, by, order) => deleteAccount(tx, deps, by, order),
    },
  ];
}

/** Nobody's mailbox is filled. @throws {Refusal} too_many_attempts */
function spendMail(tx: Tx, id: string, now: number): Promise<void> {
  return spendOrRefuse(tx, countedOf('mail/reset', id), MAIL_TO_ADDRESS, now);
}
