import { record } from '../audit/record.ts';
import {
  CHECK_TEXT,
  type KnownKey,
  listKnownKeys,
  newestOf,
  ownerOfCheck,
  writeKnownKey,
} from '../database/key-ledger.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { createSeal, type KeyRing } from '../kit/seal.ts';

type RegisterDeps = Pick<Deps, 'database' | 'clock' | 'random'>;

/**
 * Notes in the database that secrets are sealed with the ring's active key from now on, before the first one is: so that no
 * start goes without it later (R80). The first time all of the ring is noted, since nobody knows what it was used for.
 * Does nothing where it is known already.
 */
export async function registerActiveKey(
  { database, clock, random }: RegisterDeps,
  ring: KeyRing,
  actor = 'system',
): Promise<void> {
  const now = clock.now();
  const isNoted = (known: readonly KnownKey[]) =>
    known.some(({ id, active_at, retired_at }) => id === ring.active && active_at && retired_at === null);
  if (isNoted(await listKnownKeys(database.db))) return;
  const checkOf = (id: string) =>
    createSeal({ ...ring, active: id }, random).seal('meta', ownerOfCheck(id), CHECK_TEXT);
  const checks = new Map([...ring.keys.keys()].map((id) => [id, checkOf(id)]));
  await database.transaction(async (tx) => {
    const known = await listKnownKeys(tx);
    if (isNoted(known)) return;
    const first = known.length === 0;
    for (const [id, check] of checks) {
      if (id === ring.active) await noteActive(tx, { id, check }, known, now);
      else if (first) await writeKnownKey(tx, { id, check, active_at: null, retired_at: null });
    }
    if (first) return;
    const entry = { event: 'keys.rotated' as const, subject: null, actor, detail: { key: ring.active } };
    await record(tx, { now, network: '', browser: '', requestId: '' }, entry);
  });
}

/** Later than the one before, whatever the clock says: the latest is the one that counts. */
async function noteActive(
  tx: Tx,
  key: Pick<KnownKey, 'id' | 'check'>,
  known: readonly KnownKey[],
  now: number,
): Promise<void> {
  const active_at = Math.max(now, (newestOf(known)?.active_at ?? 0) + 1);
  await writeKnownKey(tx, { ...key, active_at, retired_at: null });
}
