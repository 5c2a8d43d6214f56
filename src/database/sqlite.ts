import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { noMeters } from '../kit/meters.ts';
import { DatabaseAway } from './database-away.ts';
import type { Database, OpenOptions, Tx } from './open.ts';
import { runDirectly } from './prepared.ts';
import type { Schema } from './schema.ts';
import { BUSY_PATIENCE_MS, isBusy, openFile } from './sqlite-file.ts';
import { createWriter } from './sqlite-writer.ts';

const STATEMENTS_KEPT = 500;

/**
 * One connection, one thread. Reads run where they are asked for; writes are gathered by the writer, so that requests
 * that wait at the same time share one sync. `busy_timeout` is zero: it would stall the event loop, we retry instead.
 */
export function openSqlite(path: string, { durable = true, meters = noMeters }: OpenOptions): Database {
  const connection = openFile(path, durable);
  const run = statementRunner(connection);
  const reads = gatherReads(connection);
  /** Commits of this connection; SQLite counts those of the others. */
  let own = 0;
  const others = connection.prepare('pragma data_version');
  const writer = createWriter((sql) => {
    reads.end();
    connection.exec(sql);
    if (sql === 'commit') own++;
  }, retryBusy);
  const runInside = async (query: CompiledQuery) => run(query);
  const runNow = (query: CompiledQuery) => {
    if (/^select\b/i.test(query.sql)) {
      reads.begin();
      return run(query);
    }
    reads.end();
    own++;
    return run(query);
  };
  const runAlone = async (query: CompiledQuery) => {
    if (writer.isOpen()) await writer.idle();
    return retryBusy(() => runNow(query));
  };
  const readTimed = async (query: CompiledQuery) => {
    const begun = performance.now();
    const result = await runAlone(query);
    if (/^select\b/i.test(query.sql)) meters.took('read', performance.now() - begun);
    return result;
  };
  meters.watch('commitsWaiting', writer.waiting);
  const runOuter = meters === noMeters ? runAlone : readTimed;
  const inner = new Kysely<Schema>({ dialect: dialect(runInside) });
  const outer = new Kysely<Schema>({ dialect: dialect(runOuter) });
  runDirectly(inner, runInside);
  runDirectly(outer, runOuter);
  return {
    engine: 'sqlite',
    db: outer,
    // Kysely's own transaction() would hold the connection; the writer has begun one already.
    transaction: (work, { patience = 0 } = {}) => writer.submit(() => work(inner as Tx), patience),
    version() {
      if (writer.isOpen()) return null;
      try {
        // In one transaction with the reads of this turn.
        reads.begin();
        return own + Number(others.get()?.['data_version']);
      } catch (error) {
        // Whoever reads now is told the same, and waits.
        if (isBusy(error)) return null;
        throw error;
      }
    },
    async ping() {
      try {
        connection.prepare('select 1 from meta limit 1').get();
      } catch (error) {
        throw new DatabaseAway(error);
      }
    },
    clock: async () => null,
    async close() {
      await writer.drain();
      reads.end();
      connection.close();
    },
  };
}

/**
 * Reads of one turn of the event loop share a read transaction: taking SQLite's locks anew for every statement costs
 * more than the statement. The next turn sees what others have committed since.
 */
function gatherReads(connection: DatabaseSync) {
  let open = false;
  const end = () => {
    if (!open) return;
    open = false;
    try {
      connection.exec('commit');
    } catch {
      // Nothing is lost with a read. Thrown from a turn of its own it would end the process; left open, every later
      // transaction would find itself inside this one.
      if (connection.isTransaction) connection.exec('rollback');
    }
  };
  return {
    begin() {
      if (open) return;
      connection.exec('begin');
      open = true;
      setImmediate(end);
    },
    end,
  };
}

/** Runs what was compiled; each statement is prepared once. */
export function statementRunner(connection: DatabaseSync) {
  const kept = new Map<string, { statement: StatementSync; columns: string[] }>();
  return function run(query: CompiledQuery): QueryResult<never> {
    let entry = kept.get(query.sql);
    if (!entry) {
      const statement = connection.prepare(query.sql);
      // Arrays, from which rows of one shape are made: node:sqlite's own objects take twice as long.
      statement.setReturnArrays(true);
      entry = { statement, columns: statement.columns().map(({ name }) => name) };
      if (kept.size >= STATEMENTS_KEPT) kept.clear();
      kept.set(query.sql, entry);
    }
    const parameters = query.parameters as (string | number | null)[];
    // A statement that yields no columns is a write; its count of rows is what every claim looks at.
    const { columns } = entry;
    if (columns.length > 0) {
      const rows = entry.statement.all(...parameters) as unknown as unknown[][];
      return { rows: rows.map((values) => rowOf(columns, values)) as never[] };
    }
    const { changes } = entry.statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes) };
  };
}

function rowOf(columns: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index++) row[columns[index] as string] = values[index];
  return row;
}

/** Without a promise where nothing is in the way, which is nearly always. */
function retryBusy<T>(work: () => T): T | Promise<T> {
  try {
    return work();
  } catch (error) {
    if (!isBusy(error)) throw error;
    return keepTrying(work);
  }
}

async function keepTrying<T>(work: () => T): Promise<T> {
  const patience = performance.now() + BUSY_PATIENCE_MS;
  for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > patience) throw new DatabaseAway(error);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Over something that runs statements one after the other; transactions are somebody else's to begin. */
export function dialect(execute: (query: CompiledQuery) => Promise<QueryResult<never>>): Dialect {
  const connection: DatabaseConnection = {
    executeQuery: execute as DatabaseConnection['executeQuery'],
    // biome-ignore lint/correctness/useYield: node:sqlite has no cursor that outlives an event; nothing streams.
    async *streamQuery() {
      throw new Error('streaming is not supported on SQLite');
    },
  };
  const refuse = async () => {
    throw new Error('use database.transaction() instead of db.transaction()');
  };
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    destroy: async () => {},
  };
  return {
    createDriver: () => driver,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}
