import { availableParallelism } from 'node:os';
import type { Config } from '../config.ts';
import type { Database } from '../database/open.ts';
import { createPasswordHasher } from '../kit/password-hash.ts';
import { systemRandom } from '../kit/random.ts';
import { Sick } from './check.ts';
import { readSetting } from './doctor-store.ts';

/** A sign-in that hashes for longer is no longer one that people take for granted. */
const SLOWEST_HASH_MS = 1_000;
/** One may have waited for its turn on a busy machine: the quickest that fits into this time counts. */
const LOOKING_MS = 3_000;

/** What one password costs here, and so how many sign-ins this machine bears. */
export async function lookAtHash({ argon2 }: Config): Promise<string> {
  const hasher = createPasswordHasher(argon2, systemRandom);
  const end = performance.now() + LOOKING_MS;
  let took = Number.POSITIVE_INFINITY;
  while (took > SLOWEST_HASH_MS && performance.now() < end) {
    const begun = performance.now();
    await hasher.hash('a password that nobody has');
    took = Math.min(took, performance.now() - begun);
  }
  const words = `m=${argon2.m},t=${argon2.t},p=${argon2.p} takes ${took.toFixed(0)} ms`;
  if (took > SLOWEST_HASH_MS)
    throw new Sick(`${words}: everybody waits that long to sign in. Lower ARGON2, or use a faster machine`);
  return `${words}; about ${Math.round((availableParallelism() * 1000) / took)} sign-ins a second with all cores`;
}

/** Connections that PostgreSQL has for everybody, and those that one instance may take. */
export async function lookAtConnections({ databasePool }: Config, { db, engine }: Database): Promise<string> {
  if (engine === 'sqlite') return 'one file, one process';
  const read = async (name: string) => Number(await readSetting(db, engine, name));
  const most = (await read('max_connections')) - (await read('superuser_reserved_connections'));
  if (databasePool > most) {
    throw new Sick(
      `DATABASE_POOL is ${databasePool} and PostgreSQL takes ${most} connections: lower DATABASE_POOL or raise max_connections`,
    );
  }
  return `${databasePool} of the ${most} connections for each instance: enough for ${Math.floor(most / databasePool)}`;
}
