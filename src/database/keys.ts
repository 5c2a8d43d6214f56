import { existsSync } from 'node:fs';
import type { Config } from '../config.ts';
import { ConfigError } from '../kit/environment.ts';
import type { Random } from '../kit/random.ts';
import { createSeal, type KeyRing, keyIdOf, type Seal, SealBroken } from '../kit/seal.ts';
import { makeKeyFile, parseKeyRing, readKeyFile, watchKeyFile } from './key-file.ts';
import { CHECK_TEXT, type KnownKey, listKnownKeys, ownerOfCheck } from './key-ledger.ts';
import { readMeta } from './meta.ts';
import type { Database } from './open.ts';

/**
 * The key ring, from `KEYS` or the file; made at the very first start and only for an empty database (R80): with data
 * there, new keys would make every secret unreadable. @throws {ConfigError}
 */
export function loadKeyRing(config: Config, databaseIsEmpty: boolean, random: Random): KeyRing {
  if (config.keys !== null) return parseKeyRing(config.keys, 'KEYS');
  if (!existsSync(config.keysFile)) {
    if (config.keysFileGiven || !databaseIsEmpty) {
      const todo = databaseIsEmpty
        ? 'put the key ring there, or make one first if this is a new installation (docs/keys.md says how)'
        : 'put back the key ring that belongs to this database';
      throw new ConfigError('KEYS_FILE', `names ${config.keysFile}, which is not there: ${todo}`);
    }
    makeKeyFile(config.keysFile, random);
  }
  return readKeyFile(config.keysFile);
}

/** What opens with this ring, and looks at the file whenever something is met that it does not open. */
export function openSeal(config: Config, ring: KeyRing, random: Random): Seal {
  return createSeal(ring, random, config.keys === null ? watchKeyFile(config.keysFile) : undefined);
}

const CHECK = 'key-check';

/** Refuses a ring that does not belong to this database, before anything is changed (R80). @throws {ConfigError} */
export async function checkKeyRing(database: Database, seal: Seal): Promise<void> {
  if ((await readMeta(database.db, CHECK)) === null) await makeCheck(database, seal);
  const reason = await findFault(database, seal);
  if (reason !== null) throw new ConfigError('KEYS or KEYS_FILE', `${reason}: nothing was changed`);
}

/** The same question for who only looks: writes nothing, also where nobody has started yet. */
export async function isKeyRingOf(database: Database, seal: Seal): Promise<boolean> {
  return (await findFault(database, seal)) === null;
}

/** What is wrong with this ring for this database; null: nothing, as far as is known. */
async function findFault(database: Database, seal: Seal): Promise<string | null> {
  const check = await readMeta(database.db, CHECK);
  const known = await listKnownKeys(database.db);
  const fits = (key: KnownKey) => opens(seal, ownerOfCheck(key.id), key.check);
  const missing = known.filter((key) => key.retired_at === null && !fits(key)).map(({ id }) => id);
  const whole = check === null || opens(seal, CHECK, check);
  if (whole && missing.length === 0) return null;
  // One that opens anything here is ours, and only lacks something; a key of the same name may be another one.
  const ours = (check !== null && whole) || known.some(fits);
  if (!ours) return 'holds the key ring of another database';
  const lacking = missing[0] ?? keyIdOf(check ?? '');
  return `lacks the key "${lacking}", with which secrets of this database are still sealed`;
}

function opens(seal: Seal, owner: string, sealed: string): boolean {
  try {
    seal.open('meta', owner, sealed);
    return true;
  } catch (error) {
    if (error instanceof SealBroken) return false;
    throw error;
  }
}

/** Of two that start at once with two rings, the first has the database. */
async function makeCheck(database: Database, seal: Seal): Promise<void> {
  const value = seal.seal('meta', CHECK, CHECK_TEXT);
  await database.transaction((tx) =>
    tx
      .insertInto('meta')
      .values({ key: CHECK, value })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  );
}
