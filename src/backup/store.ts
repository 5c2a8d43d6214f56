import { sql } from 'kysely';
import type { Account } from '../accounts/account.ts';
import type { Tx } from '../database/open.ts';

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

export function nextFactors(tx: Tx, after: string, limit: number) {
  return tx
    .selectFrom('factor')
    .select(['id', 'kind', 'counter'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** By the factors' ids. Both engines call what stands in `values` column1, column2. */
export async function raiseEach(tx: Tx, least: ReadonlyMap<string, number>): Promise<void> {
  if (least.size === 0) return;
  const rows = [...least].map(([id, counter]) => sql`(cast(${id} as text), cast(${counter} as bigint))`);
  await sql`update factor set counter = risen.column2 from (values ${sql.join(rows)}) as risen where factor.id = risen.column1`.execute(
    tx,
  );
}
