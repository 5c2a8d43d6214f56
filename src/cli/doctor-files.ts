import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { loadKeyRing } from '../database/keys.ts';
import { counted } from '../kit/counted.ts';
import { systemRandom } from '../kit/random.ts';
import { type Check, check, Sick } from './check.ts';
import { missingFile } from './doctor-database.ts';

const MIB = 1024 * 1024;
/** A full disk stops every sign-in, for each writes a record. */
const LEAST_FREE = 1024 * MIB;

/** What can be seen without a database. */
export async function checkFiles(config: Config): Promise<Check[]> {
  return [
    await check('base_url', () => lookAtBaseUrl(config)),
    await check('data_directory', () => lookAtDirectory(config.dataDir)),
    await check('disk', () => lookAtDisk(config.dataDir)),
    await check('key_ring', () => lookAtKeyRing(config)),
  ];
}

function lookAtBaseUrl({ baseUrl, secure }: Config): string {
  const { hostname } = new URL(baseUrl);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) {
    return `${baseUrl}; security keys and passkeys need a name such as localhost instead of the address`;
  }
  return `${baseUrl}${secure ? '' : ', without TLS, for this machine only'}`;
}

function lookAtDirectory(path: string): string {
  if (!existsSync(path)) throw new Sick(`${path} does not exist yet; the first start makes it`);
  accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  refuseOpenFolder(path);
  return path;
}

/** What of ours in DATA_DIR tells something; the key ring has a check of its own. */
const TELLING = /^(countersign\.db|builds$|replaced-)/;

/** A folder that others may look into, as `mkdir` makes it, is well while nothing in it is open to them. */
function refuseOpenFolder(path: string): void {
  const { mode } = statSync(path);
  const inside = readdirSync(path).filter((name) => TELLING.test(name));
  const open = inside.some((name) => isOpen(join(path, name)));
  if ((mode & 0o022) !== 0 || open) refuseOpen(path, '700');
}

function lookAtDisk(path: string): string {
  const { bavail, bsize } = statfsSync(existsSync(path) ? path : '.');
  const free = `${Math.round((bavail * bsize) / MIB)} MiB free`;
  if (bavail * bsize < LEAST_FREE)
    throw new Sick(`${free}: less than 1024 MiB. Make room: every sign-in writes a record`);
  return free;
}

function lookAtKeyRing(config: Config): string {
  refuseMissingRing(config);
  // As if there were data: then a missing ring is a mistake, and none is made.
  const ring = loadKeyRing(config, false, systemRandom);
  if (config.keys === null) refuseOpen(config.keysFile, '600');
  const from = config.keys === null ? config.keysFile : 'KEYS';
  return `${counted(ring.keys.size, 'key')} in ${from}, "${ring.active}" is active`;
}

/** Of a new installation nobody lost a ring. On PostgreSQL that isn't seen from here. */
function refuseMissingRing({ keys, keysFile, keysFileGiven, databaseUrl }: Config): void {
  if (keys !== null || existsSync(keysFile)) return;
  const ofNew = keysFileGiven ? 'make it first (docs/keys.md says how)' : 'the first start makes it';
  if (missingFile(databaseUrl) !== null) throw new Sick(`${keysFile} does not exist yet; ${ofNew}`);
  if (databaseUrl.startsWith('sqlite:')) return;
  throw new Sick(
    `${keysFile} does not exist: put back the key ring that belongs to this database. Of a new one, ${ofNew}`,
  );
}

/** Whoever else has an account on this machine must not read it. Windows has other means. */
function refuseOpen(path: string, mode: string): void {
  if (!isOpen(path)) return;
  const found = (statSync(path).mode & 0o777).toString(8);
  throw new Sick(`${path} is open to other users of this machine (mode ${found}): chmod ${mode} ${path}`);
}

function isOpen(path: string): boolean {
  // SQLite's log may be gone by now.
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  return process.platform !== 'win32' && (mode & 0o077) !== 0;
}
