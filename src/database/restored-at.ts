import { putMeta, readMeta } from './meta.ts';
import type { Db, Tx } from './open.ts';

const KEY = 'restored/at';

/** When this database was restored from a backup, epoch milliseconds; 0: never. What was asked before counts no more (R82). */
export async function restoredAt(db: Db): Promise<number> {
  return Number((await readMeta(db, KEY)) ?? 0);
}

export async function noteRestored(tx: Tx, at: number): Promise<void> {
  await putMeta(tx, KEY, String(at));
}
