import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../config.ts';
import { ConfigError } from '../kit/environment.ts';
import { newId, type Random } from '../kit/random.ts';
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
  return parseKeyRing(readKeyFile(config.keysFile), 'KEYS_FILE');
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError('KEYS_FILE', `names ${path}, which this process may not read`);
  }
}

/**
 * Whole on the disk under its name, or not at all: a database that outlives its keys in a power cut is lost. Two
 * processes that start at once must not overwrite each other's: the second `link` fails, and both read the first's.
 */
function makeKeyFile(path: string, random: Random): void {
  const ring = { active: 'k1', keys: { k1: random.bytes(KEY_BYTES).toString('base64') } };
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${newId(random)}`;
  writeFileSync(draft, `${JSON.stringify(ring, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, path);
  } catch (error) {
    // A file system without hard links (EPERM, ENOTSUP): a copy that refuses to overwrite.
    if ((error as { code?: string }).code !== 'EEXIST') copyFileSync(draft, path, constants.COPYFILE_EXCL);
  } finally {
    unlinkSync(draft);
  }
  syncFolder(folder);
}

/** The name is as durable as the contents. Windows has no such call, and needs none. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
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
  const sealed = (await findCheck(database)) ?? (await makeCheck(database, seal));
  if (opens(seal, sealed)) return;
  throw new ConfigError('KEYS or KEYS_FILE', 'holds the key ring of another database: nothing was changed');
}

/** The same question for who only looks: writes nothing, also where nobody has started yet. */
export async function isKeyRingOf(database: Database, seal: Seal): Promise<boolean> {
  const sealed = await findCheck(database);
  return sealed === null || opens(seal, sealed);
}

function opens(seal: Seal, sealed: string): boolean {
  try {
    seal.open('meta', CHECK, sealed);
    return true;
  } catch (error) {
    if (error instanceof SealBroken) return false;
    throw error;
  }
}

async function findCheck({ db }: Database): Promise<string | null> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', CHECK).executeTakeFirst();
  return row?.value ?? null;
}

/** Of two that start at once with two rings, the first has the database: -> what is stored, whoever stored it. */
async function makeCheck(database: Database, seal: Seal): Promise<string> {
  const value = seal.seal('meta', CHECK, CHECK_TEXT);
  await database.transaction((tx) =>
    tx
      .insertInto('meta')
      .values({ key: CHECK, value })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  );
  return (await findCheck(database)) ?? value;
}
