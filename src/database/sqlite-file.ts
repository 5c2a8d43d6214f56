import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Waits this long for another process (the operator's commands, a backup) to finish its write. */
export const BUSY_PATIENCE_MS = 10_000;

/** Durable unless a test trades that for speed: WAL, and a sync before each COMMIT returns (R81). */
export function openFile(path: string, durable: boolean): DatabaseSync {
  if (path !== ':memory:') makeForUsAlone(path);
  // Nothing is served yet, so SQLite may wait by itself: of two processes that make a database at once, one finds it
  // locked for a moment.
  const connection = new DatabaseSync(path, { timeout: BUSY_PATIENCE_MS });
  // This mode is written into the file. Another program's stays as it is, and is refused a moment later.
  if (isOursOrEmpty(connection)) switchToWal(connection);
  connection.exec(`
    pragma synchronous = ${durable ? 'full' : 'off'};
    pragma foreign_keys = on;
    pragma trusted_schema = off;
    pragma wal_autocheckpoint = 8000;
    pragma cache_size = -16000;
    pragma busy_timeout = 0;
  `);
  return connection;
}

/**
 * SQLite would let every user of the machine read a file that it makes, wherever the folder does; its log gets the mode of the
 * file. One that is there keeps its mode. What can't be made is SQLite's to explain.
 */
function makeForUsAlone(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch {}
}

/** Here SQLite gives up at once instead of waiting, lest two that switch at the same time wait for each other. */
function switchToWal(connection: DatabaseSync): void {
  for (let tries = 1; ; tries++) {
    try {
      connection.exec('pragma journal_mode = wal');
      return;
    } catch (error) {
      if (!isBusy(error) || tries >= 200) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function isOursOrEmpty(connection: DatabaseSync): boolean {
  const { tables, ours } = connection
    .prepare(
      `select count(*) as tables, count(*) filter (where name in ('meta', 'account')) as ours
      from sqlite_master where type = 'table'`,
    )
    .get() as { tables: number; ours: number };
  return tables === 0 || ours === 2;
}

/** SQLITE_BUSY is 5, SQLITE_LOCKED 6; extended codes carry them in the low byte. */
export function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode;
  return code !== undefined && ((code & 255) === 5 || (code & 255) === 6);
}
