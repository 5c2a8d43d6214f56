import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { appliedIn } from './migrate.ts';
import { type Database, openDatabase, type Tx } from './open.ts';
import { BUSY_PATIENCE_MS } from './sqlite-file.ts';

export type Value = string | number | null;

/** The database as it was at one moment, whatever is written meanwhile. */
export interface Snapshot {
  /** Ids of the migrations that made its schema, in order. */
  readonly schema: readonly string[];
  /** None where this schema has no such table. */
  columns(table: string): Promise<readonly string[]>;
  /** All rows, some at a time, their values in the order of `columns`. */
  rows(table: string, columns: readonly string[]): AsyncIterable<Value[][]>;
}

const AT_ONCE = 500;

/**
 * One read transaction over everything: on SQLite a connection of its own, which in WAL mode neither waits for a writer nor
 * stops one; on PostgreSQL REPEATABLE READ, READ ONLY. Nothing is copied first, so no second database lies on the disk.
 */
export function withSnapshot<T>(
  database: Database,
  url: string,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  if (database.engine === 'sqlite') return ofSqlite(url.slice('sqlite:'.length), work);
  return database.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => work(await postgresSnapshot(tx)));
}

/** The same of a database that nothing else here has open; it is only read. */
export async function withSnapshotOf<T>(url: string, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  if (url.startsWith('sqlite:')) return ofSqlite(url.slice('sqlite:'.length), work);
  const database = openDatabase(url);
  try {
    return await withSnapshot(database, url, work);
  } finally {
    await database.close();
  }
}

async function ofSqlite<T>(path: string, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const connection = new DatabaseSync(path, { readOnly: true, timeout: BUSY_PATIENCE_MS });
  try {
    connection.exec('begin');
    return await work(sqliteSnapshot(connection));
  } finally {
    connection.close();
  }
}

/** Of a connection that is in a transaction. */
export function sqliteSnapshot(connection: DatabaseSync): Snapshot {
  const all = (query: string) => connection.prepare(query).all() as Record<string, string>[];
  return {
    schema: appliedIn(all('select key from meta').map(({ key }) => key as string)),
    columns: async (table) =>
      all(`select name from pragma_table_info('${table}')`).map(({ name }) => name as string),
    async *rows(table, columns) {
      const statement = connection.prepare(`select ${columns.map(quoted).join(', ')} from ${quoted(table)}`);
      statement.setReturnArrays(true);
      let batch: Value[][] = [];
      for (const row of statement.iterate() as Iterable<unknown>) {
        batch.push(row as Value[]);
        if (batch.length < AT_ONCE) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },
  };
}

/** Of a transaction that nobody else's writes reach: REPEATABLE READ, or with every table locked. */
export async function postgresSnapshot(tx: Tx): Promise<Snapshot> {
  const meta = await sql<{ key: string }>`select key from meta`.execute(tx);
  return {
    schema: appliedIn(meta.rows.map(({ key }) => key)),
    async columns(table) {
      const { rows } = await sql<{ name: string }>`select column_name as name from information_schema.columns
        where table_schema = current_schema() and table_name = ${table} order by ordinal_position`.execute(
        tx,
      );
      return rows.map(({ name }) => name);
    },
    async *rows(table, columns) {
      const list = sql.join(columns.map((name) => sql.ref(name)));
      await sql`declare page no scroll cursor for select ${list} from ${sql.table(table)}`.execute(tx);
      for (;;) {
        const { rows } = await sql<Record<string, Value>>`fetch ${sql.lit(AT_ONCE)} from page`.execute(tx);
        if (rows.length > 0) yield rows.map((row) => columns.map((name) => row[name] ?? null));
        if (rows.length < AT_ONCE) break;
      }
      await sql`close page`.execute(tx);
    },
  };
}

export const quoted = (name: string): string => `"${name}"`;
