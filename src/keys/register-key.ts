import { nowhere } from '../audit/place.ts';
import { record } from '../audit/record.ts';
import { readKeyFile } from '../database/key-file.ts';
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
 * start goes without it later (R80). The first time all of the ring is noted, since nobody knows what it was used for. The key
 * of whoever started last is the newest, also where somebody goes back to an older one. Does nothing where it is that already.
 */
export async function registerActiveKey(
  { database, clock, random }: RegisterDeps,
  ring: KeyRing,
  actor = 'system',
): Promise<void> {
  const now = clock.now();
  const isNoted = (known: readonly KnownKey[]) => {
    const newest = newestOf(known);
    return newest?.id === ring.active && newest.retired_at === null;
  };
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
    await record(tx, nowhere(now), entry);
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

/**
 * At a start: notes the active key of the ring, and takes over the file's where it was replaced meanwhile. Whoever is slower
 * than a rotation would else note the key before as the newest.
 */
export async function useActiveKey(
  deps: RegisterDeps & Pick<Deps, 'config' | 'seal'>,
  loaded: KeyRing,
): Promise<void> {
  const { config, seal } = deps;
  for (let ring = loaded; ; ) {
    await registerActiveKey(deps, ring);
    seal.activate(ring.active);
    if (config.keys !== null) return;
    const found = readKeyFile(config.keysFile);
    if (found.active === ring.active) return;
    seal.learn(found);
    ring = found;
  }
}
