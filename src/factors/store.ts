import { voidLinks } from '../accounts/link.ts';
import type { Db, Tx } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import type { FactorRow } from './factor.ts';

const ofAccount = prepared<{ accountId: string }>()((db, { accountId }) =>
  db.selectFrom('factor').selectAll().where('account_id', '=', accountId).orderBy('created_at').orderBy('id'),
);

/** Oldest first. */
export async function listFactors(db: Db, accountId: string): Promise<FactorRow[]> {
  return ofAccount(db, { accountId });
}

export async function findFactor(db: Db, accountId: string, id: string): Promise<FactorRow | null> {
  const factors = await listFactors(db, accountId);
  return factors.find((factor) => factor.id === id) ?? null;
}

/** Whether there is a key that may have been lost. */
export function hasKey(factors: readonly FactorRow[]): boolean {
  return factors.some(({ kind, suspended_at }) => kind === 'webauthn' && suspended_at === null);
}

export type NewFactor = Pick<
  FactorRow,
  'id' | 'account_id' | 'kind' | 'label' | 'sealed_data' | 'counter' | 'created_at'
> & { readonly external_id?: string | null; readonly suspended_at?: number | null };

export async function insertFactor(tx: Tx, factor: NewFactor): Promise<void> {
  await tx.insertInto('factor').values(factor).execute();
}

const raise = prepared<{ id: string; counter: number; now: number }>()((db, { id, counter, now }) =>
  db
    .updateTable('factor')
    .set({ counter, last_used_at: now })
    .where('id', '=', id)
    .where('counter', '<', counter)
    .where('suspended_at', 'is', null),
);

/** The claim behind "once for ever": the counter may only rise, and one caller wins (R10). */
export async function raiseCounter(tx: Tx, id: string, counter: number, now: number): Promise<boolean> {
  return (await raise.count(tx, { id, counter, now })) === 1;
}

export async function renameFactor(tx: Tx, accountId: string, id: string, label: string): Promise<boolean> {
  const result = await tx
    .updateTable('factor')
    .set({ label })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function preferFactor(tx: Tx, accountId: string, id: string): Promise<void> {
  await tx
    .updateTable('factor')
    .set((eb) => ({ preferred: eb.case().when('id', '=', id).then(1).else(0).end() }))
    .where('account_id', '=', accountId)
    .execute();
}

export async function deleteFactor(tx: Tx, accountId: string, id: string): Promise<boolean> {
  const result = await tx
    .deleteFrom('factor')
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** Factors, recovery codes, trusted browsers and whatever is still under way: an account without a second step (R41). */
export async function clearSecondStep(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('factor').where('account_id', '=', accountId).execute();
  await tx.deleteFrom('recovery_code').where('account_id', '=', accountId).execute();
  await tx.deleteFrom('recovery_code_set').where('account_id', '=', accountId).execute();
  await tx.deleteFrom('factor_draft').where('account_id', '=', accountId).execute();
  await tx.deleteFrom('factor_challenge').where('account_id', '=', accountId).execute();
  await tx.deleteFrom('trusted_browser').where('account_id', '=', accountId).execute();
  await tx.deleteFrom('check_up').where('account_id', '=', accountId).execute();
  // An app that was replaced before must not come back into what is enrolled after.
  await voidLinks(tx, accountId, 'undo-replace');
}
