import { mkdirSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Insertable } from 'kysely';
import { readAddress } from '../../src/accounts/address.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { checkKeyRing, loadKeyRing } from '../../src/database/keys.ts';
import { isEmpty, migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open.ts';
import type { Schema } from '../../src/database/schema.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { tokenHash } from '../../src/kit/encoding.ts';
import { createPasswordHasher } from '../../src/kit/password-hash.ts';
import { newId, newToken, type Random, systemRandom } from '../../src/kit/random.ts';
import { createSeal, type Seal } from '../../src/kit/seal.ts';
import { parameters } from './argon.ts';
import type { Population } from './floor-store.ts';
import { accountIdOf, browserTokenOf, emailOf, password, pendingTokenOf, sessionTokenOf } from './people.ts';
import { pooledRandom } from './pooled-random.ts';
import { appRow, grantOf, tokensOf } from './seed-apps.ts';
import { appOf, keyChallengeOf, keyFactorOf, phoneFactorOf } from './seed-factors.ts';
import { protectHost } from './seed-host.ts';

export interface House {
  config: Config;
  seal: Seal;
  random: Random;
  /** Shared by all: hashing for a million people would take hours. */
  passwordHash: string;
  now: number;
}

/**
 * Fills a new data directory with people as the product would have stored them. -> the database file.
 * Keys, schema, hash and seals are made by the product's own code; only the rows go past Kysely, because a million
 * people should take less than a minute.
 */
export async function seedProduct(dataDir: string, population: Population): Promise<string> {
  const config = readConfig({ DATA_DIR: dataDir });
  const { m, t, p } = config.argon2;
  if (m !== parameters.memoryCost || t !== parameters.timeCost || p !== parameters.parallelism)
    throw new Error('the product hashes with other parameters than the floor');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const random = pooledRandom();
  const database = openDatabase(config.databaseUrl);
  const seal = createSeal(loadKeyRing(config, await isEmpty(database), systemRandom), random);
  await migrate(database, systemClock);
  await checkKeyRing(database, seal);
  await database.close();

  const passwordHash = await createPasswordHasher(config.argon2, systemRandom).hash(password);
  const file = config.databaseUrl.slice('sqlite:'.length);
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  // Nothing is lost when this fails: the whole directory is thrown away.
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000; BEGIN');
  fill(db, population, { config, seal, random, passwordHash, now: systemClock.now() });
  db.exec('COMMIT');
  db.close();
  return file;
}

function fill(
  db: DatabaseSync,
  {
    accounts,
    pendings,
    sessions,
    codes = 0,
    browsers = 0,
    keys = 0,
    phones = 0,
    hosts = 0,
    apps = 0,
  }: Population,
  house: House,
): void {
  const insert = {
    account: into(db, 'account'),
    address: into(db, 'email_address'),
    factor: into(db, 'factor'),
    pending: into(db, 'pending_sign_in'),
    challenge: into(db, 'factor_challenge'),
    session: into(db, 'session'),
    set: into(db, 'recovery_code_set'),
    code: into(db, 'recovery_code'),
    browser: into(db, 'known_browser'),
    grant: into(db, 'oidc_grant'),
    token: into(db, 'oidc_token'),
  };
  if (apps > 0) into(db, 'client')(appRow(house));
  const { random, now } = house;
  const host = hosts > 0 ? protectHost(db, house) : null;
  for (let n = 0; n < accounts; n++) {
    const person = personOf(n, house);
    const account_id = person.account.id;
    insert.account(person.account);
    insert.address(person.address);
    insert.factor(appOf(n, house));
    if (n < keys) insert.factor(keyFactorOf(n, house));
    if (n < phones) insert.factor(phoneFactorOf(n, house));
    if (n < pendings) {
      const pending = pendingOf(n, account_id, house);
      insert.pending(pending);
      if (n < keys) insert.challenge(keyChallengeOf(n, pending, house));
    }
    const session = sessionOf(n, account_id, house);
    if (n < sessions) {
      insert.session(session);
      if (n < hosts) host?.enter(n, session);
    }
    if (n < apps) {
      insert.grant(grantOf(n, session.id, house));
      for (const token of tokensOf(n, session.id, house)) insert.token(token);
    }
    if (n < browsers)
      insert.browser({
        token_hash: tokenHash(browserTokenOf(n)),
        account_id,
        ...visit,
        created_at: now,
        last_used_at: now,
      });
    if (n >= codes) continue;
    const set_id = newId(random);
    insert.set({ account_id, id: set_id, salt: random.bytes(16).toString('base64url'), created_at: now });
    // As long as the hash of a code; nobody here uses one.
    for (let number = 1; number <= 10; number++)
      insert.code({ account_id, hash: newToken(random), set_id, number, used_at: null });
  }
}

export type Row<T extends keyof Schema> = Insertable<Schema[T]>;

/** Every row of a table names the same columns. */
export function into<T extends keyof Schema>(db: DatabaseSync, table: T): (row: Row<T>) => void {
  let statement: StatementSync | undefined;
  return (row) => {
    const columns = Object.keys(row);
    statement ??= db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.map(() => '?')})`);
    statement.run(...(Object.values(row) as SQLInputValue[]));
  };
}

function personOf(n: number, { random, passwordHash, now }: House) {
  const { address, key } = readAddress(emailOf(n))!;
  const id = accountIdOf(n);
  const account: Row<'account'> = {
    id,
    pseudonym: newId(random),
    email: address,
    name: `Person ${n}`,
    password_hash: passwordHash,
    // A server without any administrator makes a set-up link at every start.
    roles: n === 0 ? 'admin' : '',
    two_factor_at: now,
    created_at: now,
  };
  const email: Row<'email_address'> = {
    address_key: key,
    account_id: id,
    address,
    kind: 'primary',
    proven_at: now,
    created_at: now,
  };
  return { account, address: email };
}

const visit = {
  network: '127.0.0.1',
  browser: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
};

function pendingOf(n: number, account_id: string, { config, random, now }: House): Row<'pending_sign_in'> {
  const expires_at = now + config.lifetimes.pendingMax;
  const token_hash = tokenHash(pendingTokenOf(n));
  const begun = { id: newId(random), token_hash, account_id, security_version: 1, return_to: '/', ...visit };
  return { ...begun, created_at: now, expires_at };
}

function sessionOf(n: number, account_id: string, { config, random, now }: House): Row<'session'> {
  const expires_at = now + config.lifetimes.sessionMax;
  const token_hash = tokenHash(sessionTokenOf(n));
  const begun = {
    id: newId(random),
    token_hash,
    account_id,
    amr: 'pwd otp mfa',
    acr: 'mfa' as const,
    ...visit,
  };
  return { ...begun, step_up_at: now, created_at: now, last_used_at: now, expires_at };
}
