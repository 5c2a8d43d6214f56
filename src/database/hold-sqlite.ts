import type { DatabaseSync } from 'node:sqlite';
import { type CompiledQuery, Kysely, sql } from 'kysely';
import { DatabaseBusy, type Held, insideOf, LOCK_PATIENCE_MS } from './held.ts';
import type { Tx } from './open.ts';
import { runDirectly } from './prepared.ts';
import type { Schema } from './schema.ts';
import { quoted, sqliteSnapshot } from './snapshot.ts';
import { dialect, statementRunner } from './sqlite.ts';
import { isBusy, openFile } from './sqlite-file.ts';

/**
 * Holds the write lock of a file from the first look to the one COMMIT, all or nothing. Servers that have the file open go on
 * reading what was there, and see the rest at once when it is committed: the file itself is never exchanged, or what they
 * acknowledge afterwards would go into one without a name. @throws {DatabaseBusy}
 */
export async function holdFile(path: string, work: (held: Held) => Promise<void>): Promise<void> {
  const connection = openFile(path, true);
  try {
    begin(connection);
    try {
      await work(heldBy(connection));
      connection.exec('commit');
    } catch (error) {
      rollBack(connection);
      throw error;
    }
  } finally {
    connection.close();
  }
}

/** A server holds the lock for moments only: SQLite asks again and again by itself. */
function begin(connection: DatabaseSync): void {
  connection.exec(`pragma busy_timeout = ${LOCK_PATIENCE_MS}`);
  try {
    connection.exec('begin immediate');
  } catch (error) {
    throw isBusy(error) ? new DatabaseBusy() : error;
  }
}

function rollBack(connection: DatabaseSync): void {
  try {
    connection.exec('rollback');
  } catch {
    // SQLite has rolled back by itself (disk full, I/O error).
  }
}

function heldBy(connection: DatabaseSync): Held {
  let run = statementRunner(connection);
  const runInside = async (query: CompiledQuery) => {
    const result = run(query);
    // What was prepared before knows the columns of then.
    if (/^\s*(create|alter|drop)\b/i.test(query.sql)) run = statementRunner(connection);
    return result;
  };
  const tx = new Kysely<Schema>({ dialect: dialect(runInside) }) as Tx;
  runDirectly(tx, runInside);
  return {
    tx,
    database: insideOf(tx, 'sqlite'),
    snapshot: async () => sqliteSnapshot(connection),
    dropTables: () => dropTables(tx),
  };
}

/** Those first to which no other points: then there is nothing that a foreign key could hold on to. */
async function dropTables(tx: Tx): Promise<void> {
  const { rows } = await sql<{ name: string; parent: string | null }>`
    select m.name as name, f."table" as parent from sqlite_master m left join pragma_foreign_key_list(m.name) f
    where m.type = 'table' and m.name not like 'sqlite_%'`.execute(tx);
  const left = new Map<string, Set<string>>();
  for (const { name, parent } of rows) {
    const parents = left.get(name) ?? new Set();
    if (parent !== null && parent !== name) parents.add(parent);
    left.set(name, parents);
  }
  while (left.size > 0) {
    const held = new Set([...left.values()].flatMap((parents) => [...parents]));
    const free = [...left.keys()].filter((name) => !held.has(name));
    if (free.length === 0) throw new Error(`tables point to each other: ${[...left.keys()].join(', ')}`);
    for (const name of free) {
      await sql.raw(`drop table ${quoted(name)}`).execute(tx);
      left.delete(name);
    }
  }
}
