import type { Account } from '../accounts/account.ts';
import type { Tx } from '../database/open.ts';

export type Holder = Pick<
  Account,
  'id' | 'email' | 'name' | 'locale' | 'time_zone' | 'password_hash' | 'suspended_at'
>;

export async function nextAccounts(tx: Tx, after: string, limit: number): Promise<Holder[]> {
  return tx
    .selectFrom('account')
    .select(['id', 'email', 'name', 'locale', 'time_zone', 'password_hash', 'suspended_at'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Of these, those who have codes that could still be used. */
export async function withCodes(tx: Tx, accounts: readonly Holder[]): Promise<ReadonlySet<string>> {
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

export async function voidRecoveryCodes(tx: Tx): Promise<void> {
  await tx.deleteFrom('recovery_code').execute();
  await tx.deleteFrom('recovery_code_set').execute();
  // What was asked of the codes that are gone.
  await tx.deleteFrom('check_up').execute();
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
