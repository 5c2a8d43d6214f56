import { existsSync } from 'node:fs';
import { countImportedHashes } from '../accounts/hash-kinds.ts';
import type { Config } from '../config.ts';
import { isKeyRingOf, loadKeyRing } from '../database/keys.ts';
import { pendingMigrations } from '../database/migrate.ts';
import { type Database, openDatabase } from '../database/open.ts';
import { factorDoctors } from '../factors/all.ts';
import { CLOCK_TOLERANCE, SECOND, systemClock } from '../kit/clock.ts';
import { counted } from '../kit/counted.ts';
import { createLog } from '../kit/log.ts';
import { systemRandom } from '../kit/random.ts';
import { createSeal } from '../kit/seal.ts';
import { watchClock } from '../upkeep/clock-watch.ts';
import { type Broken, findBroken } from '../upkeep/invariants.ts';
import { type Check, check, Sick } from './check.ts';
import { lookAtAdministrators } from './doctor-administrators.ts';
import { lookAtAudit } from './doctor-audit.ts';
import { lookAtBuilds } from './doctor-builds.ts';
import { lookAtConnections } from './doctor-capacity.ts';
import { lookAtKeys } from './doctor-keys.ts';
import { lookAtRotation } from './doctor-rotation.ts';
import { countLate, readSetting } from './doctor-store.ts';
import { lookAtVisitors } from './doctor-visitors.ts';

/** What commits must survive (R81): the setting, and what it must say. */
const DURABLE = {
  sqlite: { journal_mode: ['wal'], synchronous: ['2'], foreign_keys: ['1'] },
  // Behind a pooler that drops what we ask for, the role's own setting counts, which may be stricter.
  postgres: { synchronous_commit: ['on', 'remote_apply'], fsync: ['on'], full_page_writes: ['on'] },
} as const;

/** As the alarm has it: time enough to mend it before anybody is refused. */
const CLOCK_WORRY = 2 * SECOND;

/** Looks at the database that the server uses, beside it, and changes nothing. */
export async function checkDatabase(config: Config): Promise<Check[]> {
  const missing = missingFile(config.databaseUrl);
  if (missing !== null) {
    return [
      { name: 'database', ok: false, message: `${missing} does not exist yet; the first start makes it` },
    ];
  }
  let database: Database | null = null;
  try {
    const reached = await check('database', async () => {
      database = openDatabase(config.databaseUrl);
      await pendingMigrations(database);
      return `${database.engine} answers`;
    });
    return database && reached.ok ? [reached, ...(await checkInside(config, database))] : [reached];
  } finally {
    await (database as Database | null)?.close();
  }
}

/** SQLite would make an empty one. */
export function missingFile(url: string): string | null {
  const path = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : null;
  return path === null || path === ':memory:' || existsSync(path) ? null : path;
}

async function checkInside(config: Config, database: Database): Promise<Check[]> {
  const schema = await check('schema', () => lookAtSchema(database));
  const durability = await check('durability', () => lookAtDurability(database));
  const clock = await check('clock', () => lookAtClock(database));
  if (!schema.ok) return [schema, durability, clock];
  const { db } = database;
  const now = systemClock.now();
  const seal = () => createSeal(loadKeyRing(config, false, systemRandom), systemRandom);
  return [
    schema,
    durability,
    clock,
    await check('keys_of_database', async () => {
      if (await isKeyRingOf(database, seal())) return 'the key ring opens what is sealed';
      throw new Sick('the key ring belongs to another database');
    }),
    await check('key_rotation', () => lookAtRotation(db, seal(), now)),
    await check('connections', () => lookAtConnections(config, database)),
    await check('administrators', () => lookAtAdministrators(db)),
    await check('security_keys', () => lookAtKeys(db, seal(), config)),
    ...(await lookAtFactors(config, database, now)),
    await check('visitors', () => lookAtVisitors(config, db, now)),
    await check('builds', () => lookAtBuilds(config, db)),
    await check('outbox', async () => {
      const { mails, others, failed } = await countLate(db, now);
      const given = failed > 0 ? `; ${failed} given up in the last day` : '';
      const late = [
        ...(mails > 0 ? [`${counted(mails, 'mail has', 'mails have')} waited for a quarter of an hour`] : []),
        ...(others > 0
          ? [`${counted(others, 'other delivery has', 'other deliveries have')} waited for an hour`]
          : []),
      ];
      if (late.length > 0)
        throw new Sick(
          `${late.join(', ')}${given}: is the server running, and do the lines below say that mails and text messages can go out? The server’s log names each failure`,
        );
      return `no mail has waited for a quarter of an hour, nothing else for an hour${given}`;
    }),
    await checkNone('sessions', 'session of an account with 2FA without a second factor', () =>
      findBroken(db, 'half_sessions', now),
    ),
    await checkNone('factors', 'account whose 2FA is on without a factor, or off with one', () =>
      findBroken(db, 'half_protected', now),
    ),
    await checkNone('recovery_codes', 'spent recovery code without a record', () =>
      findBroken(db, 'unrecorded_codes', now),
    ),
    await check('imported_passwords', async () => {
      const count = await countImportedHashes(db);
      if (count === 0) return 'every password has a hash of ours';
      return `${count} of another system: each is replaced when its person signs in`;
    }),
    await check('audit', () => lookAtAudit(db, seal())),
  ];
}

function lookAtFactors(config: Config, database: Database, now: number): Promise<Check[]> {
  const lines = factorDoctors().map(({ name, look }) =>
    check(name, async () => {
      const { ok, message } = await look({ config, database }, now);
      if (!ok) throw new Sick(message);
      return message;
    }),
  );
  return Promise.all(lines);
}

async function lookAtSchema(database: Database): Promise<string> {
  const pending = await pendingMigrations(database);
  if (pending.length === 0) return 'up to date';
  throw new Sick(`${pending.join(', ')} not applied yet: run \`migrate\`, or start the server`);
}

async function lookAtDurability({ db, engine }: Database): Promise<string> {
  const wrong: string[] = [];
  for (const [name, wanted] of Object.entries<readonly string[]>(DURABLE[engine])) {
    const found = await readSetting(db, engine, name);
    if (!wanted.includes(found)) wrong.push(`${name} is ${found} and should be ${wanted[0]}`);
  }
  if (wrong.length > 0) throw new Sick(`${wrong.join('; ')}: what was committed may be lost`);
  return 'what was committed is on the disk';
}

async function lookAtClock(database: Database): Promise<string> {
  const offset = await watchClock({
    database,
    clock: systemClock,
    log: createLog('silent'),
    clockOffset: { ms: 0 },
  });
  if (offset === null) return 'the database shares the clock of this machine';
  const words = `this machine is ${(Math.abs(offset) / 1000).toFixed(1)} s ${offset > 0 ? 'ahead of' : 'behind'} the database`;
  if (Math.abs(offset) > CLOCK_WORRY)
    throw new Sick(
      `${words}: set the clocks by NTP; beyond ${CLOCK_TOLERANCE / SECOND} s one-time codes are refused`,
    );
  return words;
}

function checkNone(name: string, what: string, find: () => Promise<Broken>): Promise<Check> {
  return check(name, async () => {
    const { count, whose } = await find();
    if (count > 0) throw new Sick(`${count} × ${what}: there must be none (${whose.join(', ')})`);
    return `no ${what}`;
  });
}
