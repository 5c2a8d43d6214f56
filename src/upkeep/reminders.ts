import { localeOf } from '../accounts/account.ts';
import { accountSlices, type Slice } from '../accounts/slices.ts';
import { takeLease } from '../database/lease.ts';
import type { Deps } from '../deps.ts';
import { HOUR, MINUTE } from '../kit/clock.ts';
import { newId } from '../kit/random.ts';
import { reminderLetter } from '../notices/reminder-letter.ts';
import { listTwoFactorRules, type TwoFactorRule } from '../policy/two-factor-rules.ts';
import { policyValue } from '../policy/values.ts';
import { dueReminder } from './reminder-rules.ts';
import {
  claimReminder,
  countWaiting,
  isRuleStanding,
  listUntold,
  REMINDER_PARCEL,
  type Recipient,
  stillWithout,
} from './reminder-store.ts';

/**
 * So many reminders wait for the mail server at most: a link that somebody waits for must not stand behind a hundred
 * thousand of them, nor the outbox hold as many letters.
 */
const IN_THE_OUTBOX = 100;
const AT_ONCE = 20;
/** Who joins a group or the house meanwhile is found after so long. */
const LOOK_AGAIN = HOUR;
const LEASE = MINUTE;

/** `full`: enough are on their way, to be gone on with; `done`: everybody who is to be told now has been. */
export type Round = 'done' | 'full';

/** How far this process has come with one mail of one rule; what was sent stands in the database. */
interface Progress {
  readonly after: string;
  readonly doneAt: number | null;
}

/** Tells those whom a coming rule will stop, fourteen, three, one and no days before (screen 12), each of them once. */
export function createReminders(deps: Deps, holder = newId(deps.random)): { round(): Promise<Round> } {
  const { database, clock } = deps;
  const progress = new Map<string, Progress>();

  async function round(): Promise<Round> {
    const due = await dueNow();
    forget(due.map(({ key }) => key));
    const open = due.filter(({ key }) => !isDone(key));
    if (open.length === 0 || (await policyValue(database.db, 'reminders')) === 'off') return 'done';
    if (await isFull()) return 'full';
    if (!(await keepLease())) return 'done';
    for (const { rule, day, key } of open) {
      if ((await remind(rule, day, key)) === 'full') return 'full';
      progress.set(key, { after: '', doneAt: clock.now() });
    }
    return 'done';
  }

  async function dueNow() {
    const rules = await listTwoFactorRules(database.db);
    return rules.flatMap((rule) => {
      const day = dueReminder(rule.required_from_at, clock.now());
      return day === null ? [] : { rule, day, key: `${rule.id}/${day}` };
    });
  }

  function forget(present: readonly string[]): void {
    for (const key of progress.keys()) if (!present.includes(key)) progress.delete(key);
  }

  function isDone(key: string): boolean {
    const doneAt = progress.get(key)?.doneAt ?? null;
    return doneAt !== null && clock.now() < doneAt + LOOK_AGAIN;
  }

  async function isFull(): Promise<boolean> {
    return (await countWaiting(database.db)) > IN_THE_OUTBOX - AT_ONCE;
  }

  function keepLease(): Promise<boolean> {
    const now = clock.now();
    const claim = { name: 'reminders', holder, now, until: now + LEASE };
    return database.transaction((tx) => takeLease(tx, claim));
  }

  async function remind(rule: TwoFactorRule, day: number, key: string): Promise<Round> {
    const groupId = rule.group?.id ?? null;
    const after = progress.get(key)?.after ?? '';
    for await (const slice of accountSlices(database.db, { groupId, after })) {
      progress.set(key, { after: slice.after, doneAt: null });
      if (!(await tellSlice(rule, day, slice))) return 'full';
    }
    return 'done';
  }

  /** False when the outbox is full: the same slice is looked at again, without those who have been told. */
  async function tellSlice(rule: TwoFactorRule, day: number, slice: Slice): Promise<boolean> {
    const untold = await listUntold(database.db, rule, day, slice);
    for (let start = 0; start < untold.length; start += AT_ONCE) {
      if ((await isFull()) || !(await keepLease())) return false;
      await tell(rule, day, untold.slice(start, start + AT_ONCE));
    }
    return true;
  }

  /** The mail, and that it was sent, in one commit: no crash sends it twice or not at all. */
  async function tell(rule: TwoFactorRule, day: number, people: readonly Recipient[]): Promise<void> {
    const now = clock.now();
    const letters = people.map((person) => ({
      person,
      letter: reminderLetter(deps.config, person, {
        locale: localeOf(person) ?? 'en',
        from: rule.required_from_at,
        now,
      }),
    }));
    await database.transaction(async (tx) => {
      if (!(await isRuleStanding(tx, rule.id))) return;
      const without = await stillWithout(
        tx,
        people.map(({ id }) => id),
      );
      for (const { person, letter } of letters) {
        if (!without.has(person.id)) continue;
        const reminder = { ruleId: rule.id, accountId: person.id, day, now };
        if (!(await claimReminder(tx, reminder))) continue;
        await deps.outbox.enqueue(tx, {
          channel: 'mail',
          kind: REMINDER_PARCEL,
          accountId: person.id,
          message: { to: { name: person.name, address: person.email }, ...letter },
        });
      }
    });
  }

  return { round };
}
