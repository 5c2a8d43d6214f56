import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { House } from './house.ts';

/** Every byte that the database holds: its files with the log, or every column of every table. */
export async function dump({ app: { deps } }: House): Promise<Buffer> {
  const { database, config } = deps;
  if (database.engine === 'sqlite') {
    const files = readdirSync(config.dataDir).filter((name) => /\.db(-wal|-shm)?$/.test(name));
    expect(files.some((name) => name.endsWith('-wal'))).toBe(true);
    return Buffer.concat(files.map((name) => readFileSync(join(config.dataDir, name))));
  }
  const tables = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = current_schema()`.execute(database.db);
  const parts: string[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(name)} t`.execute(
      database.db,
    );
    parts.push(...rows.map(({ row }) => row));
  }
  return Buffer.from(parts.join('\n'));
}
