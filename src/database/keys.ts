import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Config, ConfigError } from '../config.ts';
import type { Random } from '../kit/random.ts';
import { type KeyRing, type Seal, SealBroken } from '../kit/seal.ts';
import type { Database } from './open.ts';

const KEY_BYTES = 32;
const SHAPE = '{"active":"k1","keys":{"k1":"<32 bytes in base64>"}}';

/**
 * The key ring, from `KEYS` or the file; made at the very first start and only for an empty database (R80): with data
 * there, new keys would make every secret unreadable. @throws {ConfigError}
 */
export function loadKeyRing(config: Config, databaseIsEmpty: boolean, random: Random): KeyRing {
  if (config.keys !== null) return parseKeyRing(config.keys, 'KEYS');
  if (!existsSync(config.keysFile)) {
    if (config.keysFileGiven || !databaseIsEmpty) {
      throw new ConfigError(
        'KEYS_FILE',
        `names ${config.keysFile}, which is not there: put back the key ring that belongs to this database`,
      );
    }
    makeKeyFile(config.keysFile, random);
  }
  return parseKeyRing(readFileSync(config.keysFile, 'utf8'), 'KEYS_FILE');
}

function makeKeyFile(path: string, random: Random): void {
  const ring = { active: 'k1', keys: { k1: random.bytes(KEY_BYTES).toString('base64') } };
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // `wx`: two processes that start at once must not overwrite each other's keys.
  writeFileSync(path, `${JSON.stringify(ring, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
}

function parseKeyRing(text: string, name: string): KeyRing {
  let parsed: { active?: unknown; keys?: unknown };
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch {
    throw new ConfigError(name, `takes a key ring as JSON: ${SHAPE}`);
  }
  if (typeof parsed?.active !== 'string' || typeof parsed.keys !== 'object' || parsed.keys === null) {
    throw new ConfigError(name, `takes a key ring as JSON: ${SHAPE}`);
  }
  const keys = new Map<string, Buffer>();
  for (const [id, value] of Object.entries(parsed.keys)) {
    const key = Buffer.from(typeof value === 'string' ? value : '', 'base64');
    if (!/^[\w-]{1,32}$/.test(id) || key.length < KEY_BYTES || new Set(key).size < 8) {
      throw new ConfigError(name, `holds key "${id}", which is not ${KEY_BYTES} random bytes in base64`);
    }
    keys.set(id, key);
  }
  if (!keys.has(parsed.active))
    throw new ConfigError(name, `names "${parsed.active}" as active, but holds no such key`);
  return { active: parsed.active, keys };
}

const CHECK = 'key-check';
const CHECK_TEXT = 'this database belongs to this key ring';

/** Refuses a ring that does not belong to this database, before anything is changed (R80). @throws {ConfigError} */
export async function checkKeyRing(database: Database, seal: Seal): Promise<void> {
  const row = await database.db
    .selectFrom('meta')
    .select('value')
    .where('key', '=', CHECK)
    .executeTakeFirst();
  if (!row) {
    const sealed = seal.seal('meta', CHECK, CHECK_TEXT);
    await database.transaction((tx) =>
      tx
        .insertInto('meta')
        .values({ key: CHECK, value: sealed })
        .onConflict((conflict) => conflict.doNothing())
        .execute(),
    );
    return;
  }
  try {
    seal.open('meta', CHECK, row.value);
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    throw new ConfigError('KEYS_FILE', 'holds the key ring of another database: nothing was changed');
  }
}
