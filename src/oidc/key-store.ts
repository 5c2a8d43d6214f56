import type { Selectable } from 'kysely';
import type { Db, Tx } from '../database/open.ts';
import type { SigningKeyTable } from '../database/tables/oidc.ts';

export type SigningKeyRow = Selectable<SigningKeyTable>;

export async function listKeys(db: Db): Promise<SigningKeyRow[]> {
  return db.selectFrom('signing_key').selectAll().orderBy('alg').orderBy('generation').execute();
}

/** False when another process has made this generation first: theirs counts. */
export async function insertKey(tx: Tx, key: SigningKeyRow): Promise<boolean> {
  const result = await tx
    .insertInto('signing_key')
    .values(key)
    .onConflict((conflict) => conflict.columns(['alg', 'generation']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function deleteKeys(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0)
    await tx
      .deleteFrom('signing_key')
      .where('id', 'in', [...ids])
      .execute();
}
