import { addKey, readKeyFile } from '../database/key-file.ts';
import { listKnownKeys } from '../database/key-ledger.ts';
import { dropLease, takeLease } from '../database/lease.ts';
import type { Deps } from '../deps.ts';
import { MINUTE } from '../kit/clock.ts';
import { newId } from '../kit/random.ts';
import { registerActiveKey } from './register-key.ts';

type RotateDeps = Pick<Deps, 'config' | 'database' | 'clock' | 'random' | 'seal'>;

/** Why the ring was not changed. */
export class RingRefused extends Error {
  readonly code: 'keys_from_environment' | 'keys_busy' | 'key_in_use' | 'key_unknown';
  constructor(code: RingRefused['code'], message: string) {
    super(message);
    this.name = 'RingRefused';
    this.code = code;
  }
}

/**
 * A new active key in the ring's file; the older ones open what is sealed with them. Running servers take it over within
 * seconds and seal anew. A crash at any point leaves the old ring or the new one, and both work: what the database knows
 * of the new key is written by whoever seals with it first. @throws {RingRefused} @throws {KeyFileClosed}
 */
export async function rotateKeys(
  deps: RotateDeps,
  actor: string,
): Promise<{ readonly active: string; readonly previous: string }> {
  const { seal } = deps;
  return withRing(deps, async (path) => {
    const before = readKeyFile(path);
    seal.learn(before);
    const known = await listKnownKeys(deps.database.db);
    const id = nextId([...before.keys.keys(), ...known.map((key) => key.id)]);
    addKey(path, id, deps.random);
    const ring = readKeyFile(path);
    seal.learn(ring);
    await registerActiveKey(deps, ring, actor);
    seal.activate(id);
    return { active: id, previous: before.active };
  });
}

/** `k7` after `k6`: never a name that a backup may know as another key. */
function nextId(known: readonly string[]): string {
  const numbers = known.map((id) => Number(/^k(\d{1,9})$/.exec(id)?.[1] ?? 0));
  return `k${Math.max(0, ...numbers) + 1}`;
}

/** One command at a time, also from two machines that share the file. */
export async function withRing<T>(
  { config, database, clock, random }: RotateDeps,
  work: (path: string) => Promise<T>,
): Promise<T> {
  if (config.keys !== null) {
    throw new RingRefused(
      'keys_from_environment',
      'The key ring comes from KEYS, which only its owner can change. First add a new key to "keys" (32 random bytes in ' +
        'base64, as `openssl rand -base64 32` prints them), behind the others and under a new name, on every instance; ' +
        'then, once all have been started with it, make it the "active" one. Keep the older keys until `keys list` calls them unused.',
    );
  }
  const holder = newId(random);
  const claim = { name: 'key-ring', holder };
  const now = clock.now();
  const taken = await database.transaction((tx) => takeLease(tx, { ...claim, now, until: now + MINUTE }));
  if (!taken) {
    throw new RingRefused('keys_busy', 'Another command is changing the key ring. Try again in a minute.');
  }
  try {
    return await work(config.keysFile);
  } finally {
    await database.transaction((tx) => dropLease(tx, { ...claim, now: clock.now() }));
  }
}
