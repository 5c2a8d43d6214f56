import { sql } from 'kysely';
import type { Account } from '../accounts/account.ts';
import type { Slice } from '../accounts/slices.ts';
import type { Db, Tx } from '../database/open.ts';
import { isPostgres } from '../database/prepared.ts';
import { between, unprotected } from '../policy/stopped-store.ts';
import type { TwoFactorRule } from '../policy/two-factor-rules.ts';

/** Whom a mail goes to. */
export type Recipient = Pick<Account, 'id' | 'email' | 'name' | 'locale' | 'time_zone'>;

export const REMINDER_PARCEL = 'letter/two_factor_reminder';

/**
 * Of a slice of the accounts, those whom this rule will stop and whom nobody has told on this day: no factor, no earlier
 * rule that concerns them too, and a password, since who has none has yet to accept the invitation. Administrators need
 * no rule.
 */
export async function listUntold(
  db: Db,
  { id, group, required_from_at: from }: TwoFactorRule,
  day: number,
  { after, upTo }: Slice,
): Promise<Recipient[]> {
  const groupId = group?.id ?? null;
  const { rows } = await sql<Recipient>`select account.id, email, name, locale, time_zone
    ${unprotected(groupId)} and ${between(groupId, after, upTo)}
      and password_hash is not null and roles not like '%admin%'
      and not exists (select 1 from reminder_sent
        where rule_id = ${id} and account_id = account.id and day = ${day})
      and not exists (select 1 from two_factor_rule as other
        where (other.required_from_at < ${from} or (other.required_from_at = ${from} and other.id < ${id}))
          and (other.group_id is null or exists (select 1 from group_member as one
            where one.group_id = other.group_id and one.account_id = account.id)))
    order by account.id`.execute(db);
  return rows;
}

/** The rule as it was read is still there, and stays until this transaction ends. */
export async function isRuleStanding(tx: Tx, id: string): Promise<boolean> {
  const query = tx.selectFrom('two_factor_rule').select('id').where('id', '=', id);
  return (await (isPostgres(tx) ? query.forKeyShare() : query).executeTakeFirst()) !== undefined;
}

/** Of these, those who still have no factor. */
export async function stillWithout(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('account')
    .select('id')
    .where('id', 'in', ids)
    .where('two_factor_at', 'is', null)
    .where('suspended_at', 'is', null)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** False where somebody else was faster: then the mail is theirs. */
export async function claimReminder(
  tx: Tx,
  reminder: { ruleId: string; accountId: string; day: number; now: number },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('reminder_sent')
    .values({
      rule_id: reminder.ruleId,
      account_id: reminder.accountId,
      day: reminder.day,
      sent_at: reminder.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Reminders that are queued and not through. */
export async function countWaiting(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('outbox')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('sent_at', 'is', null)
    .where('failed_at', 'is', null)
    // Written as the index is, so that it is used: a million other letters may wait.
    .where(sql<boolean>`kind = ${sql.lit(REMINDER_PARCEL)}`)
    .executeTakeFirstOrThrow();
  return Number(count);
}
