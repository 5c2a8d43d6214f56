import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open.ts';
import { systemClock } from '../../src/kit/clock.ts';

const ROWS_AT_ONCE = 5_000;

/** Brings a seeded product from its SQLite file into an empty database of PostgreSQL, as it stands. */
export async function copyToPostgres(file: string, url: string): Promise<void> {
  const database = openDatabase(url);
  await migrate(database, systemClock);
  await database.close();
  const source = new DatabaseSync(file, { readOnly: true });
  const target = new pg.Client(url);
  await target.connect();
  try {
    // The rows fit together already; asking so for each of millions would take longer than copying.
    await target.query('set session_replication_role = replica; set synchronous_commit = off');
    await target.query('truncate meta');
    for (const table of tablesOf(source)) await copyTable(source, target, table);
    // Else the server does it by itself, during the measurement.
    await target.query('vacuum analyze');
    await target.query('checkpoint');
  } finally {
    await target.end();
    source.close();
  }
}

function tablesOf(source: DatabaseSync): string[] {
  const text = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'";
  return source
    .prepare(text)
    .all()
    .map(({ name }) => String(name));
}

async function copyTable(source: DatabaseSync, target: pg.Client, table: string): Promise<void> {
  const insert = `insert into "${table}" select * from jsonb_populate_recordset(null::"${table}", $1)`;
  let rows: unknown[] = [];
  const flush = async () => {
    if (rows.length > 0) await target.query(insert, [JSON.stringify(rows)]);
    rows = [];
  };
  for (const row of source.prepare(`select * from "${table}"`).iterate()) {
    rows.push(row);
    if (rows.length === ROWS_AT_ONCE) await flush();
  }
  await flush();
}
