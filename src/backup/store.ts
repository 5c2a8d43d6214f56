import type { Selectable } from 'kysely';
import type { Account } from '../accounts/account.ts';
import type { Tx } from '../database/open.ts';
import type { GuessBudgetTable, TextSentTable, ThrottleTable } from '../database/tables/throttle.ts';

export type Holder = Pick<
  Account,
  | 'id'
  | 'pseudonym'
  | 'email'
  | 'name'
  | 'locale'
  | 'time_zone'
  | 'password_hash'
  | 'suspended_at'
  | 'security_version'
>;

export async function nextAccounts(tx: Tx, after: string, limit: number): Promise<Holder[]> {
  return tx
    .selectFrom('account')
    .select([
      'id',
      'pseudonym',
      'email',
      'name',
      'locale',
      'time_zone',
      'password_hash',
      'suspended_at',
      'security_version',
    ])
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Of these, those who have codes that could still be used. */
export async function withCodes(tx: Tx, accounts: readonly Holder[]): Promise<ReadonlySet<string>> {
  if (accounts.length === 0) return new Set();
  const rows = await tx
    .selectFrom('recovery_code')
    .select('account_id')
    .distinct()
    .where(
      'account_id',
      'in',
      accounts.map(({ id }) => id),
    )
    .where('used_at', 'is', null)
    .execute();
  return new Set(rows.map(({ account_id }) => account_id));
}

/** With what was asked of the codes that are gone (screen 8). */
export async function voidRecoveryCodes(tx: Tx, accountIds: readonly string[]): Promise<void> {
  if (accountIds.length === 0) return;
  for (const table of ['recovery_code', 'recovery_code_set', 'check_up'] as const)
    await tx
      .deleteFrom(table)
      .where('account_id', 'in', [...accountIds])
      .execute();
}

/** A counter may only rise (R10). */
export async function raiseCounters(tx: Tx, kind: string, least: number): Promise<void> {
  await tx
    .updateTable('factor')
    .set({ counter: least })
    .where('kind', '=', kind)
    .where('counter', '<', least)
    .execute();
}

/** Somebody may have called it off since, and a cancelled request must not come to life again (R46). */
export async function cancelRequests(tx: Tx, now: number): Promise<void> {
  await tx
    .updateTable('recovery_request')
    .set({ cancelled_at: now })
    .where('cancelled_at', 'is', null)
    .where('refused_at', 'is', null)
    .where('completed_at', 'is', null)
    .execute();
}

export async function postponeErasures(tx: Tx, until: number): Promise<void> {
  await tx.updateTable('account_deletion').set({ erase_at: until }).where('erase_at', '<', until).execute();
}

export type Budget = Selectable<GuessBudgetTable>;

const isHere = (tx: Tx, id: string) =>
  tx.selectFrom('account').select('id').where('id', '=', id).executeTakeFirst();

export async function keepWorseBudget(tx: Tx, budget: Budget): Promise<void> {
  if (!(await isHere(tx, budget.account_id))) return;
  await tx
    .insertInto('guess_budget')
    .values(budget)
    .onConflict((conflict) =>
      conflict
        .column('account_id')
        .doUpdateSet(budget)
        .where((eb) =>
          eb.or([eb('guess_budget.run', '<', budget.run), eb('guess_budget.holds', '<', budget.holds)]),
        ),
    )
    .execute();
}

export async function keepWorseDay(
  tx: Tx,
  day: { readonly account_id: string; readonly day: number; readonly wrong: number },
): Promise<void> {
  if (!(await isHere(tx, day.account_id))) return;
  await tx
    .insertInto('guess_day')
    .values(day)
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'day']).doUpdateSet(day).where('guess_day.wrong', '<', day.wrong),
    )
    .execute();
}

export type Throttle = Selectable<ThrottleTable>;

/** Of each column the one that slows more. */
export async function keepWorseThrottle(tx: Tx, throttle: Throttle): Promise<void> {
  const { key, count, open, window_at, blocked_until_at } = throttle;
  const here = await tx.selectFrom('throttle').selectAll().where('key', '=', key).executeTakeFirst();
  if (!here) {
    await tx.insertInto('throttle').values(throttle).execute();
    return;
  }
  const until = Math.max(here.blocked_until_at ?? 0, blocked_until_at ?? 0);
  const worse = {
    count: Math.max(here.count, count),
    open: Math.max(here.open, open),
    window_at: Math.max(here.window_at, window_at),
    blocked_until_at: until === 0 ? null : until,
  };
  await tx.updateTable('throttle').set(worse).where('key', '=', key).execute();
}

export type Text = Pick<Selectable<TextSentTable>, 'id' | 'account_id' | 'number_mac' | 'sent_at'>;

export async function keepText(tx: Tx, text: Text): Promise<void> {
  if (!(await isHere(tx, text.account_id))) return;
  await tx
    .insertInto('text_sent')
    .values(text)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export function nextFactors(tx: Tx, after: string, limit: number) {
  return tx
    .selectFrom('factor')
    .select(['id', 'kind', 'counter'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}

export async function raiseCounter(tx: Tx, id: string, least: number): Promise<void> {
  await tx.updateTable('factor').set({ counter: least }).where('id', '=', id).execute();
}
