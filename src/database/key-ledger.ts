import { putMeta } from './meta.ts';
import type { Db, Tx } from './open.ts';

export const CHECK_TEXT = 'this database belongs to this key ring';

/** A key of the ring with which something in this database was sealed. The key itself is never here. */
export interface KnownKey {
  readonly id: string;
  /** `CHECK_TEXT`, sealed with this key: another one under the same name doesn't open it. */
  readonly check: string;
  /** Secrets were sealed with it from then on; null: it only opened since we know of it. The latest is the one to use. */
  readonly active_at: number | null;
  /** Nothing is sealed with it any more: the ring may do without. */
  readonly retired_at: number | null;
}

const PREFIX = 'key/';

export const ownerOfCheck = (id: string): string => PREFIX + id;

export async function listKnownKeys(db: Db): Promise<KnownKey[]> {
  const rows = await db.selectFrom('meta').selectAll().where('key', 'like', `${PREFIX}%`).execute();
  return rows.map(({ key, value }) => ({
    id: key.slice(PREFIX.length),
    ...(JSON.parse(value) as Omit<KnownKey, 'id'>),
  }));
}

export async function writeKnownKey(tx: Tx, { id, ...rest }: KnownKey): Promise<void> {
  await putMeta(tx, PREFIX + id, JSON.stringify(rest));
}

/** The one that new secrets belong under; null before the first start that keeps this ledger. */
export function newestOf(known: readonly KnownKey[]): KnownKey | null {
  return known.reduce<KnownKey | null>((newest, key) => {
    if (key.active_at === null) return newest;
    return newest?.active_at && newest.active_at >= key.active_at ? newest : key;
  }, null);
}
