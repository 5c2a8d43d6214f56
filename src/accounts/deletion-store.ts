import type { Selectable } from 'kysely';
import type { Db, Tx } from '../database/open.ts';
import type { AccountDeletionTable } from '../database/tables/deletion.ts';
import { forgetTries } from '../throttle/brake.ts';
import { allCountedOf } from '../throttle/brakes.ts';
import type { Account } from './account.ts';
import { passwordKeys } from './password-waits.ts';

export type Deletion = Selectable<AccountDeletionTable>;

/**
 * The deletion that the account waits for. One holds only as long as the account is suspended by it: whoever has
 * restored the account since has called it off, also where somebody else suspends it again later.
 */
export async function findDeletion(
  db: Db,
  { id, suspended_at }: Pick<Account, 'id' | 'suspended_at'>,
): Promise<Deletion | null> {
  if (suspended_at === null) return null;
  const row = await db
    .selectFrom('account_deletion')
    .selectAll()
    .where('account_id', '=', id)
    .where('requested_at', '=', suspended_at)
    .executeTakeFirst();
  return row ?? null;
}

export async function putDeletion(tx: Tx, deletion: Deletion): Promise<void> {
  await dropDeletion(tx, deletion.account_id);
  await tx.insertInto('account_deletion').values(deletion).execute();
}

export async function dropDeletion(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('account_deletion').where('account_id', '=', accountId).execute();
}

/** Whose time is over; whether it still holds is for `findDeletion` to say. */
export async function listDue(db: Db, now: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('account_deletion')
    .select('account_id')
    .where('erase_at', '<=', now)
    .orderBy('erase_at')
    .limit(limit)
    .execute();
  return rows.map(({ account_id }) => account_id);
}

/**
 * The account and all that refers to it: by foreign keys the most, the rest here. What others did to it or it did to
 * others stands in the records under its pseudonym, which now names nobody.
 */
export async function deleteAccountRow(tx: Tx, accountId: string): Promise<void> {
  for (const table of ['outbox', 'text_sent'] as const)
    await tx.deleteFrom(table).where('account_id', '=', accountId).execute();
  await forgetTries(tx, passwordKeys(accountId));
  await tx.deleteFrom('throttle').where('key', 'in', allCountedOf(accountId)).execute();
  await tx.deleteFrom('account').where('id', '=', accountId).execute();
}
