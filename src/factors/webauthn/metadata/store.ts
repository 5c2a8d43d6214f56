import type { Selectable } from 'kysely';
import type { Db, Tx } from '../../../database/open.ts';
import type { KeyMetadataTable } from '../../../database/tables/key-metadata.ts';

const ID = 'fido';

export type StoredMetadata = Selectable<KeyMetadataTable>;

/** Without the file itself, which is some megabytes. */
export async function findStamp(db: Db): Promise<Omit<StoredMetadata, 'id' | 'file'> | null> {
  const row = await db
    .selectFrom('key_metadata')
    .select(['no', 'fetched_at'])
    .where('id', '=', ID)
    .executeTakeFirst();
  return row ?? null;
}

export async function findStored(db: Db): Promise<StoredMetadata | null> {
  const row = await db.selectFrom('key_metadata').selectAll().where('id', '=', ID).executeTakeFirst();
  return row ?? null;
}

export async function storeMetadata(tx: Tx, values: Omit<StoredMetadata, 'id'>): Promise<void> {
  await tx
    .insertInto('key_metadata')
    .values({ id: ID, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute();
}

/** What came was no newer than what we have. */
export async function noteFetched(tx: Tx, now: number): Promise<void> {
  await tx.updateTable('key_metadata').set({ fetched_at: now }).where('id', '=', ID).execute();
}
