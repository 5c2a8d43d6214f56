import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { CompiledQuery, sql } from 'kysely';
import { newId, type Random } from '../kit/random.ts';
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

/**
 * Fills an empty database, all or nothing: on PostgreSQL in one transaction, on SQLite in a file beside it that takes its
 * name at the end. `schema`: the migrations that the rows were made under; the others follow when all rows are in, and then
 * `finish`. @throws {NotEmpty} @throws whatever `fill` throws; nothing was changed
 */
export async function loadDatabase(
  url: string,
  {
    schema,
    now,
    random,
  }: { readonly schema: readonly string[]; readonly now: number; readonly random: Random },
  fill: (load: Load) => Promise<void>,
  finish: (load: Load) => Promise<void>,
): Promise<void> {
  const work = async (load: Load) => {
    const { engine } = load.database;
    await load.run((tx) => makeSchema(tx, engine, schema, now));
    await fill(load);
    await load.run(async (tx) => {
      await continueNumbers(tx, engine);
      await completeSchema(tx, engine, schema, now);
    });
    await finish(load);
  };
  if (url.startsWith('sqlite:')) await intoFile(url.slice('sqlite:'.length), random, work);
  else await intoPostgres(url, work);
}

async function intoFile(path: string, random: Random, work: (load: Load) => Promise<void>): Promise<void> {
  if (!(await isVacant(path))) throw new NotEmpty();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${newId(random)}.restoring`;
  try {
    const database = openDatabase(`sqlite:${draft}`);
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

async function intoPostgres(url: string, work: (load: Load) => Promise<void>): Promise<void> {
  const database = openDatabase(url);
  try {
    await database.db.transaction().execute(async (tx) => {
      // Whoever migrates waits for us, and finds the whole of it.
      await sql`select pg_advisory_xact_lock(7310582)`.execute(tx);
      await sql`set local statement_timeout = 0`.execute(tx);
      if (!(await isEmpty({ ...database, db: tx }))) throw new NotEmpty();
      await work({
        database,
        run: (step) => step(tx),
        insert: (...rows) => insertRows(tx, 'postgres', ...rows),
      });
    });
  } finally {
    await database.close();
  }
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
