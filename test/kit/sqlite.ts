import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { makeFolder } from './room.ts';

let migrated: Promise<Buffer> | null = null;

/** A migrated database without anything in it, in `file`: a test pays for a copy and not for the migrations. */
export async function copyMigrated(file: string): Promise<void> {
  migrated ??= makeMigrated();
  writeFileSync(file, await migrated);
}

/** Once for each worker. */
async function makeMigrated(): Promise<Buffer> {
  const folder = makeFolder('countersign-template');
  try {
    const file = join(folder, 'countersign.db');
    const database = openDatabase(`sqlite:${file}`, { durable: false });
    await migrate(database, systemClock);
    await database.close();
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
