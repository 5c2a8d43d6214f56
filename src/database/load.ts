import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { CompiledQuery, sql } from 'kysely';
import { makeFolder } from '../kit/make-folder.ts';
import { newId, type Random } from '../kit/random.ts';
import type { Held } from './held.ts';
import { holdPostgres } from './hold-postgres.ts';
import { holdFile } from './hold-sqlite.ts';
import { syncFolder } from './key-file.ts';
import { completeSchema, isEmpty, makeSchema } from './migrate.ts';
import { type Database, openDatabase, type Tx } from './open.ts';
import { quoted, type Value } from './snapshot.ts';

/** A database that is being filled: nobody sees any of it before all of it is there. */
export interface Load {
  /** For what is made with it in mind; writes go through `run`. */
  readonly database: Database;
  /** One step, small enough for one commit on SQLite. */
  run<T>(step: (tx: Tx) => Promise<T>): Promise<T>;
  insert(table: string, columns: readonly string[], rows: readonly Value[][]): Promise<void>;
}

/** There is something in it already. */
export class NotEmpty extends Error {
  constructor() {
    super('the database is not empty');
    this.name = 'NotEmpty';
  }
}

export interface Steps {
  fill(load: Load): Promise<void>;
  /** When all rows are in and the schema is today's. */
  finish(load: Load): Promise<void>;
  /**
   * Where something is there: looks at it and keeps of it what is wanted, before all of it goes. Nobody writes to it any more
   * by then. Without it, only an empty database is filled.
   */
  replace?: ((old: Held) => Promise<void>) | undefined;
}

/**
 * Fills a database, all or nothing. An empty one: on PostgreSQL in one transaction, on SQLite in a file beside it that takes
 * its name at the end. One that holds something: in one transaction on both, also beside servers that have it open.
 * `schema`: the migrations that the rows were made under; the others follow when all rows are in, and then `finish`.
 * @throws {NotEmpty} @throws {DatabaseBusy} @throws whatever the steps throw; nothing was changed
 */
export async function loadDatabase(
  url: string,
  {
    schema,
    now,
    random,
  }: { readonly schema: readonly string[]; readonly now: number; readonly random: Random },
  steps: Steps,
): Promise<void> {
  const work = async (load: Load) => {
    const { engine } = load.database;
    await load.run((tx) => makeSchema(tx, engine, schema, now));
    await steps.fill(load);
    await load.run(async (tx) => {
      await continueNumbers(tx, engine);
      await completeSchema(tx, engine, schema, now);
    });
    await steps.finish(load);
  };
  const refill = async (held: Held) => {
    const { database, tx } = held;
    if (!(await isEmpty(database))) {
      if (!steps.replace) throw new NotEmpty();
      await steps.replace(held);
      await held.dropTables();
    }
    await work({
      database,
      run: (step) => step(tx),
      insert: (...rows) => insertRows(tx, database.engine, ...rows),
    });
  };
  if (!url.startsWith('sqlite:')) return holdPostgres(url, refill);
  const path = url.slice('sqlite:'.length);
  if (await isVacant(path)) return intoFile(path, random, work);
  if (!steps.replace) throw new NotEmpty();
  return holdFile(path, refill);
}

async function intoFile(path: string, random: Random, work: (load: Load) => Promise<void>): Promise<void> {
  makeFolder(dirname(path));
  const draft = `${path}.${newId(random)}.restoring`;
  try {
    // Synced as a whole at the end, before it has its name: until then nothing of it counts.
    const database = openDatabase(`sqlite:${draft}`, { durable: false });
    try {
      const run: Load['run'] = (step) => database.transaction(step);
      await work({ database, run, insert: (...rows) => run((tx) => insertRows(tx, 'sqlite', ...rows)) });
    } finally {
      // The last connection brings the log into the file and removes it.
      await database.close();
    }
    syncFile(draft);
    if (!(await isVacant(path))) throw new NotEmpty();
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
    // Fails where somebody has made a database there this moment.
    linkSync(draft, path);
    syncFolder(dirname(path));
  } finally {
    for (const end of ['', '-wal', '-shm']) rmSync(draft + end, { force: true });
  }
}

async function isVacant(path: string): Promise<boolean> {
  if (!existsSync(path)) return true;
  const database = openDatabase(`sqlite:${path}`);
  try {
    return await isEmpty(database);
  } finally {
    await database.close();
  }
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
}

/** Values in one statement: below what both engines take, and of few lengths, so that statements are prepared once. */
const VALUES_AT_ONCE = 2_000;

async function insertRows(
  tx: Tx,
  engine: Database['engine'],
  table: string,
  columns: readonly string[],
  rows: readonly Value[][],
): Promise<void> {
  const most = Math.max(1, Math.floor(VALUES_AT_ONCE / columns.length));
  const numbered = engine === 'postgres' && table === 'audit_event' ? 'overriding system value ' : '';
  for (let start = 0; start < rows.length; start += most) {
    const some = rows.slice(start, start + most);
    let place = 0;
    const one = () => `(${columns.map(() => (engine === 'postgres' ? `$${++place}` : '?')).join(', ')})`;
    const text = `insert into ${quoted(table)} (${columns.map(quoted).join(', ')}) ${numbered}values ${some.map(one).join(', ')}`;
    await tx.executeQuery(CompiledQuery.raw(text, some.flat()));
  }
}

/** The next record follows the last one; SQLite keeps count by itself. */
async function continueNumbers(tx: Tx, engine: Database['engine']): Promise<void> {
  if (engine !== 'postgres') return;
  await sql`select setval(pg_get_serial_sequence('audit_event', 'seq'), max(seq)) from audit_event having max(seq) is not null`.execute(
    tx,
  );
}
