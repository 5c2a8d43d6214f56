import { KEPT_TABLES } from '../database/backup-tables.ts';
import { CHECK_TEXT, ownerOfCheck } from '../database/key-ledger.ts';
import { unknownMigrations } from '../database/migrate.ts';
import type { Value } from '../database/snapshot.ts';
import type { Deps } from '../deps.ts';
import { MINUTE } from '../kit/clock.ts';
import { BackupRefused, readEncrypted } from './backup-file.ts';
import { NotABackup, readLines } from './format.ts';

/**
 * A record may have got its instant and its number this long before it could be seen: a transaction that had begun when the
 * backup was made, and clocks that differ.
 */
export const OVERLAP = 10 * MINUTE;

export interface Checked {
  readonly schema: readonly string[];
  readonly madeAt: number;
  readonly rows: number;
  readonly files: number;
  /** The numbers of the records in it that may be younger than some that are not (`replaced.ts`). */
  readonly lastRecords: ReadonlySet<number>;
}

/**
 * Reads the whole file before anything is changed: it opens to its last piece, its schema is known here, its tables are ours,
 * and this key ring opens what is sealed in it. @throws {BackupRefused}
 */
export async function checkBackup(deps: Pick<Deps, 'seal'>, path: string): Promise<Checked> {
  try {
    return await read(deps, path);
  } catch (error) {
    if (error instanceof NotABackup) throw new BackupRefused('backup_broken', `${path}: ${error.message}.`);
    throw error;
  }
}

async function read(deps: Pick<Deps, 'seal'>, path: string): Promise<Checked> {
  const known = new Set<string>(KEPT_TABLES);
  let head: { schema: readonly string[]; made_at: number } | null = null;
  let table: { name: string; columns: readonly string[] } | null = null;
  let end: { rows: number; files: number } | null = null;
  const count = { rows: 0, files: 0 };
  const lastRecords = new Set<number>();
  for await (const found of readLines(readEncrypted(deps, path))) {
    if (end !== null) throw new NotABackup('something follows its end');
    if (found.kind === 'bytes') continue;
    if (found.kind === 'rows') {
      if (table === null) throw new NotABackup('rows of no table');
      if (found.rows.some((row) => row.length !== table?.columns.length))
        throw new NotABackup('a row is too short');
      if (table.name === 'meta') assertKeys(deps.seal, table.columns, found.rows);
      if (table.name === 'audit_event')
        for (const seq of recordsSince((head?.made_at ?? 0) - OVERLAP, table.columns, found.rows))
          lastRecords.add(seq);
      count.rows += found.rows.length;
      continue;
    }
    const { line } = found;
    if ('head' in line) {
      head = line.head;
      refuseNewer(path, head.schema);
    } else if (head === null) throw new NotABackup('it has no head');
    else if ('table' in line) {
      if (!known.has(line.table) || !line.columns.every((name) => /^[a-z0-9_]+$/.test(name)))
        throw new NotABackup(`it holds a table of another program, ${line.table}`);
      table = { name: line.table, columns: line.columns };
    } else if ('file' in line) count.files += 1;
    else if ('end' in line) end = line.end;
    else throw new NotABackup('a line says nothing that is known');
  }
  if (head === null || end === null || end.rows !== count.rows || end.files !== count.files)
    throw new NotABackup('it is not complete');
  return { schema: head.schema, madeAt: head.made_at, ...count, lastRecords };
}

function recordsSince(since: number, columns: readonly string[], rows: readonly Value[][]): number[] {
  const [at, seq] = [columns.indexOf('at'), columns.indexOf('seq')];
  return rows.filter((row) => Number(row[at]) >= since).map((row) => Number(row[seq]));
}

function refuseNewer(path: string, schema: readonly string[]): void {
  const [unknown] = unknownMigrations(schema);
  if (unknown === undefined) return;
  throw new BackupRefused(
    'backup_newer',
    `${path} was made by a newer Countersign (${unknown}). Restore it with that version.`,
  );
}

/** What the database of that time noted of the keys that it needs must open here. */
function assertKeys(seal: Deps['seal'], columns: readonly string[], rows: readonly Value[][]): void {
  for (const row of rows) {
    const id = /^key\/(.+)$/.exec(String(row[columns.indexOf('key')]))?.[1];
    if (id === undefined) continue;
    const { check, retired_at } = JSON.parse(String(row[columns.indexOf('value')])) as {
      check: string;
      retired_at: number | null;
    };
    if (retired_at !== null || opens(seal, id, check)) continue;
    throw new BackupRefused(
      'backup_key',
      `The key ring lacks the key "${id}", with which secrets in this backup are sealed. Use the ring of that time.`,
    );
  }
}

function opens(seal: Deps['seal'], id: string, check: string): boolean {
  try {
    return seal.open('meta', ownerOfCheck(id), check) === CHECK_TEXT;
  } catch {
    return false;
  }
}
