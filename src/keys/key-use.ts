import { listKnownKeys } from '../database/key-ledger.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { countRecords, countSealed } from './store.ts';

export interface KeyUse {
  readonly id: string;
  /**
   * `active`: new secrets are sealed with it. `opening`: it opens what has not been re-sealed yet. `records`: nothing but
   * the audit chain needs it, to be checked. `unused`: `keys retire` may take it out of the ring. `retired`: it is not in
   * the ring any more. `missing`: it should be.
   */
  readonly state: 'active' | 'opening' | 'records' | 'unused' | 'retired' | 'missing';
  /** Since when secrets were sealed with it, epoch milliseconds; null: not known, or never. */
  readonly active_at: number | null;
  /** Sealed secrets, over all tables. */
  readonly rows: number;
  /** Records whose place in the audit chain it proves. */
  readonly records: number;
}

/** Counts, so it reads every table that holds a sealed secret: for commands, which have a process of their own. */
export async function keyUses({ database, seal }: Pick<Deps, 'database' | 'seal'>): Promise<KeyUse[]> {
  const { db } = database;
  const known = await listKnownKeys(db);
  const rows = await countSealed(db);
  const records = await countRecords(db);
  const ids = new Set([...known.map(({ id }) => id), ...seal.keyIds, ...rows.keys(), ...records.keys()]);
  const inOrder = [...ids].sort((a, b) => (activeAt(a) ?? 0) - (activeAt(b) ?? 0) || a.localeCompare(b));
  function activeAt(id: string): number | null {
    return known.find((key) => key.id === id)?.active_at ?? null;
  }
  return inOrder.map((id) => {
    const used = { rows: rows.get(id) ?? 0, records: records.get(id) ?? 0 };
    return { id, state: stateOf(seal, id, used), active_at: activeAt(id), ...used };
  });
}

function stateOf(
  seal: Deps['seal'],
  id: string,
  { rows, records }: Pick<KeyUse, 'rows' | 'records'>,
): KeyUse['state'] {
  if (id === seal.activeKey) return 'active';
  if (!seal.keyIds.includes(id)) return rows + records > 0 ? 'missing' : 'retired';
  if (rows > 0) return 'opening';
  return records > 0 ? 'records' : 'unused';
}

/** How many secrets wait to be sealed with the newest key, and since when that is. */
export async function waitingToBeResealed(
  db: Db,
  activeKey: string,
): Promise<{ readonly count: number; readonly since: number | null }> {
  const rows = await countSealed(db);
  const since = (await listKnownKeys(db)).find(({ id }) => id === activeKey)?.active_at ?? null;
  let count = 0;
  for (const [id, found] of rows) if (id !== activeKey) count += found;
  return { count, since };
}
