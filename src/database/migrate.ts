import { type Kysely, sql } from 'kysely';
import { isAway } from './database-away.ts';
import { start } from './migrations/0001-start.ts';
import { everyFactor } from './migrations/0002-every-factor.ts';
import { groupsAndApps } from './migrations/0003-groups-and-apps.ts';
import { oidc } from './migrations/0004-oidc.ts';
import { sharesAndKeyModels } from './migrations/0005-shares-and-key-models.ts';
import { appStore } from './migrations/0006-app-store.ts';
import { comingAndGoing } from './migrations/0007-coming-and-going.ts';
import { people } from './migrations/0008-people.ts';
import { rulesAndOverview } from './migrations/0009-rules-and-overview.ts';
import { forwardAuth } from './migrations/0010-forward-auth.ts';
import { costOfCodes } from './migrations/0011-cost-of-codes.ts';
import { rulesOfApps } from './migrations/0012-rules-of-apps.ts';
import { amongMillions } from './migrations/0013-among-millions.ts';
import { removed } from './migrations/0014-removed.ts';
import type { Database, Engine, Tx } from './open.ts';
import { withoutLimit } from './without-limit.ts';

interface Migration {
  readonly id: string;
  readonly up: (db: Kysely<unknown>, engine: Engine) => Promise<void>;
}

/** In order, for ever: a released migration is never edited, only followed (R84). */
const MIGRATIONS: readonly Migration[] = [
  { id: '0001-start', up: start },
  { id: '0002-every-factor', up: everyFactor },
  { id: '0003-groups-and-apps', up: groupsAndApps },
  { id: '0004-oidc', up: oidc },
  { id: '0005-shares-and-key-models', up: sharesAndKeyModels },
  { id: '0006-app-store', up: appStore },
  { id: '0007-coming-and-going', up: comingAndGoing },
  { id: '0008-people', up: people },
  { id: '0009-rules-and-overview', up: rulesAndOverview },
  { id: '0010-forward-auth', up: forwardAuth },
  { id: '0011-cost-of-codes', up: costOfCodes },
  { id: '0012-rules-of-apps', up: rulesOfApps },
  { id: '0013-among-millions', up: amongMillions },
  { id: '0014-removed', up: removed },
];

/** Whoever makes or changes the schema on PostgreSQL holds this advisory lock until its transaction ends. */
export const lockSchema = sql`select pg_advisory_xact_lock(7310582)`;

const PREFIX = 'migration/';

/** The database is not ours, or is newer than this program. Nothing was changed. */
export class WrongDatabase extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WrongDatabase';
  }
}

/**
 * Brings the schema up to date in one transaction; a second process that starts at the same time waits.
 * -> the ids that were applied. @throws {WrongDatabase}
 */
export async function migrate(database: Database, clock: { now(): number }): Promise<string[]> {
  return database.transaction(async (tx) => {
    const db = tx as unknown as Kysely<unknown>;
    // An index over all records takes minutes, and so does waiting for whoever makes it.
    await withoutLimit(tx);
    if (database.engine === 'postgres') await lockSchema.execute(db);
    const { empty, missing } = await look(db, database.engine);
    await apply(tx, database.engine, empty, missing, clock.now());
    return missing.map(({ id }) => id);
  });
}

async function apply(
  tx: Tx,
  engine: Engine,
  empty: boolean,
  migrations: readonly Migration[],
  now: number,
): Promise<void> {
  const db = tx as unknown as Kysely<unknown>;
  if (empty) await sql`create table meta (key text primary key, value text not null)`.execute(db);
  for (const { id, up } of migrations) {
    await up(db, engine);
    await tx
      .insertInto('meta')
      .values({ key: PREFIX + id, value: String(now) })
      .execute();
  }
}

/** Into an empty database: the schema as it was when these migrations were all that had been applied. */
export async function makeSchema(tx: Tx, engine: Engine, ids: readonly string[], now: number): Promise<void> {
  await apply(
    tx,
    engine,
    true,
    MIGRATIONS.filter(({ id }) => ids.includes(id)),
    now,
  );
}

/** Brings a schema of these migrations up to date. */
export async function completeSchema(
  tx: Tx,
  engine: Engine,
  ids: readonly string[],
  now: number,
): Promise<void> {
  await apply(
    tx,
    engine,
    false,
    MIGRATIONS.filter(({ id }) => !ids.includes(id)),
    now,
  );
}

/** Of these keys of `meta`, the migrations, in order. */
export function appliedIn(keys: readonly string[]): string[] {
  return keys
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => key.slice(PREFIX.length))
    .sort();
}

/** What this program does not know, of the migrations of a backup: it was made by a newer one. */
export function unknownMigrations(ids: readonly string[]): string[] {
  return ids.filter((id) => !MIGRATIONS.some((migration) => migration.id === id));
}

/** True for a database that nobody has used yet: only then may a key ring be made. @throws {WrongDatabase} */
export async function isEmpty({ db, engine }: Database): Promise<boolean> {
  return (await look(db as unknown as Kysely<unknown>, engine)).empty;
}

/** The ids that `migrate` would apply. Changes nothing. @throws {WrongDatabase} */
export async function pendingMigrations({ db, engine }: Database): Promise<string[]> {
  return (await look(db as unknown as Kysely<unknown>, engine)).missing.map(({ id }) => id);
}

/** Whose database this is and how far it is, before anything is written to it. @throws {WrongDatabase} */
async function look(
  db: Kysely<unknown>,
  engine: Engine,
): Promise<{ empty: boolean; missing: readonly Migration[] }> {
  const found = await tableNames(db, engine);
  if (found.length === 0) return { empty: true, missing: MIGRATIONS };
  if (!found.includes('meta') || !(await isOurs(db))) {
    throw new WrongDatabase(
      `this database holds tables of another program (${found.slice(0, 3).join(', ')}…): name an empty one in DATABASE_URL`,
    );
  }
  const applied = await appliedMigrations(db);
  refuseNewer(applied);
  return { empty: false, missing: MIGRATIONS.filter(({ id }) => !applied.has(id)) };
}

async function tableNames(db: Kysely<unknown>, engine: Engine): Promise<string[]> {
  const query =
    engine === 'postgres'
      ? sql<{ name: string }>`select tablename as name from pg_tables where schemaname = current_schema()`
      : sql<{
          name: string;
        }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`;
  return (await query.execute(db)).rows.map(({ name }) => name);
}

async function isOurs(db: Kysely<unknown>): Promise<boolean> {
  try {
    return (await appliedMigrations(db)).has('0001-start');
  } catch (error) {
    // A database that went away meanwhile may well be ours.
    if (isAway(error)) throw error;
    return false;
  }
}

async function appliedMigrations(db: Kysely<unknown>): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`select key from meta where key like ${`${PREFIX}%`}`.execute(
    db,
  );
  return new Set(rows.map(({ key }) => key.slice(PREFIX.length)));
}

function refuseNewer(applied: Set<string>): void {
  const unknown = [...applied].filter((id) => !MIGRATIONS.some((migration) => migration.id === id));
  if (unknown.length > 0) {
    throw new WrongDatabase(
      `this database was brought to ${unknown[0]} by a newer Countersign: run that version, or restore an older backup`,
    );
  }
}
