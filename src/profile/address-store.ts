import type { Address } from '../accounts/address.ts';
import type { Db, Tx } from '../database/open.ts';

export type AddressKind = 'primary' | 'recovery';

/** The account that has this address, whatever it serves there; null: nobody. */
export async function ownerOfAddress(db: Db, addressKey: string): Promise<string | null> {
  const row = await db
    .selectFrom('email_address')
    .select('account_id')
    .where('address_key', '=', addressKey)
    .executeTakeFirst();
  return row?.account_id ?? null;
}

/**
 * Puts a proven address in the place of those of its kind; what stood there is free for anybody again. False when it
 * is somebody else's: two may ask for the same one at once, and the key of the table lets one win.
 */
export async function placeAddress(
  tx: Tx,
  accountId: string,
  { address, key }: Address,
  kind: AddressKind,
  now: number,
): Promise<boolean> {
  await removeAddresses(tx, accountId, kind);
  await tx
    .deleteFrom('email_address')
    .where('account_id', '=', accountId)
    .where('address_key', '=', key)
    .execute();
  const row = { address_key: key, account_id: accountId, address, kind, proven_at: now, created_at: now };
  const result = await tx
    .insertInto('email_address')
    .values(row)
    .onConflict((conflict) => conflict.column('address_key').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** -> the addresses that were removed, as they were shown. */
export async function removeAddresses(tx: Tx, accountId: string, kind: AddressKind): Promise<string[]> {
  const own = await tx
    .selectFrom('email_address')
    .select('address')
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .execute();
  await tx.deleteFrom('email_address').where('account_id', '=', accountId).where('kind', '=', kind).execute();
  return own.map(({ address }) => address);
}
