import {
  chownSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from '../kit/environment.ts';
import { makeFolder } from '../kit/make-folder.ts';
import { newId, type Random } from '../kit/random.ts';
import type { KeyRing } from '../kit/seal.ts';

const KEY_BYTES = 32;
const SHAPE = '{"active":"k1","keys":{"k1":"<32 bytes in base64>"}}';

/** The file cannot be changed from here; the message says why, in the words of the operating system. */
export class KeyFileClosed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'KeyFileClosed';
  }
}

/** @throws {ConfigError} */
export function readKeyFile(path: string): KeyRing {
  try {
    return parseKeyRing(readFileSync(path, 'utf8'), 'KEYS_FILE');
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError('KEYS_FILE', `names ${path}, which this process may not read`);
  }
}

/**
 * The ring whenever the file has changed since the last look, else null: a look costs one `stat`, so that every row with
 * an unknown key may ask for one. Null too while there is no file. @throws {ConfigError}
 */
export function watchKeyFile(path: string): () => KeyRing | null {
  let seen = '';
  return () => {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (!found) return null;
    const now = `${found.ino}/${found.size}/${found.mtimeNs}`;
    if (now === seen) return null;
    seen = now;
    return readKeyFile(path);
  };
}

/**
 * Whole on the disk under its name, or not at all: a database that outlives its keys in a power cut is lost. Two
 * processes that start at once must not overwrite each other's: the second `link` fails, and both read the first's.
 */
export function makeKeyFile(path: string, random: Random): void {
  const ring = { active: 'k1', keys: { k1: newKey(random) } };
  const folder = dirname(path);
  makeFolder(folder);
  const draft = writeDraft(path, ring, 0o600, random);
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

/** Behind the others, and active. Whoever reads meanwhile, or after a crash, finds the old ring or the new one, whole. */
export function addKey(path: string, id: string, random: Random): void {
  replaceKeyFile(path, random, ({ keys, ...rest }) => ({
    ...rest,
    active: id,
    keys: { ...keys, [id]: newKey(random) },
  }));
}

export function removeKey(path: string, id: string, random: Random): void {
  replaceKeyFile(path, random, ({ keys, ...rest }) => {
    const { [id]: _gone, ...kept } = keys;
    return { ...rest, keys: kept };
  });
}

interface Stored {
  readonly active: string;
  readonly keys: Readonly<Record<string, string>>;
}

/** @throws {KeyFileClosed} nothing was changed */
function replaceKeyFile(given: string, random: Random, change: (ring: Stored) => Stored): void {
  let draft: string | null = null;
  try {
    // What a symbolic link leads to is replaced, and not the link.
    const path = realpathSync(given);
    const text = readFileSync(path, 'utf8');
    parseKeyRing(text, 'KEYS_FILE');
    const { mode, uid, gid } = statSync(path);
    sweepDrafts(path);
    draft = writeDraft(path, change(JSON.parse(text) as Stored), mode & 0o777, random);
    // Root's command must not take the file away from the user that the server runs as.
    const made = statSync(draft);
    if (made.uid !== uid || made.gid !== gid) chownSync(draft, uid, gid);
    renameSync(draft, path);
    draft = null;
    syncFolder(dirname(path));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new KeyFileClosed((error as { code?: string }).code ?? 'unknown');
  } finally {
    if (draft !== null) unlinkSync(draft);
  }
}

/** What a crash left beside the ring; one command at a time is here. */
function sweepDrafts(path: string): void {
  const name = basename(path);
  for (const found of readdirSync(dirname(path)))
    if (found.startsWith(`${name}.`) && /^[0-9a-f]{32}$/.test(found.slice(name.length + 1)))
      unlinkSync(join(dirname(path), found));
}

function writeDraft(path: string, ring: Stored, mode: number, random: Random): string {
  const draft = `${path}.${newId(random)}`;
  writeFileSync(draft, `${JSON.stringify(ring, null, 2)}\n`, { mode, flag: 'wx', flush: true });
  return draft;
}

const newKey = (random: Random): string => random.bytes(KEY_BYTES).toString('base64');

/** The name is as durable as the contents. Windows has no such call, and needs none. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/** @throws {ConfigError} */
export function parseKeyRing(text: string, name: string): KeyRing {
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
