import type { Db, Tx } from './open.ts';

const KEY = 'restored/at';

/** When this database was restored from a backup, epoch milliseconds; 0: never. What was asked before counts no more (R82). */
export async function restoredAt(db: Db): Promise<number> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst();
  return Number(row?.value ?? 0);
}

export async function noteRestored(tx: Tx, at: number): Promise<void> {
  await tx
    .insertInto('meta')
    .values({ key: KEY, value: String(at) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: String(at) }))
    .execute();
}
