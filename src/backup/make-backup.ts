import type { Readable } from 'node:stream';
import { sealAuditChain } from '../audit/chain.ts';
import { nowhere } from '../audit/place.ts';
import { record } from '../audit/record.ts';
import { FileMissing } from '../builds/files/build-files.ts';
import { openBuildFiles } from '../builds/files/open.ts';
import { KEPT_TABLES, OWN_META } from '../database/backup-tables.ts';
import type { Tx } from '../database/open.ts';
import { type Snapshot, type Value, withSnapshot } from '../database/snapshot.ts';
import type { Deps } from '../deps.ts';
import { type Written, writeEncrypted } from './backup-file.ts';
import { AFTER_FILE, lineOf, linesOf } from './format.ts';

export interface Made extends Written {
  readonly accounts: number;
  readonly rows: number;
  /** Files of builds that are in it. */
  readonly files: number;
  /** Builds whose file was not where it should be. */
  readonly missing: readonly string[];
}

/**
 * One encrypted file with all that must not be lost, as it was at one moment, while servers run (R82). Never the key ring.
 * Files of builds that lie in a bucket are their bucket's to keep. @throws {BackupRefused}
 */
export async function makeBackup(
  deps: Deps,
  path: string,
  options: { readonly overwrite: boolean; readonly builds: boolean },
): Promise<Made> {
  const { database, config, clock } = deps;
  // What was recorded a moment ago has its link too.
  await sealAuditChain(deps);
  const made = await withSnapshot(database, config.databaseUrl, (snapshot) =>
    writeBackup(deps, snapshot, path, options),
  );
  await database.transaction((tx) => recordBackup(tx, clock.now(), made));
  return made;
}

type WriteDeps = Pick<Deps, 'database' | 'config' | 'clock' | 'random' | 'seal'>;

/** The file alone. Nothing tells of it until `recordBackup`. @throws {BackupRefused} */
export async function writeBackup(
  deps: WriteDeps,
  snapshot: Snapshot,
  path: string,
  { overwrite, builds }: { readonly overwrite: boolean; readonly builds: boolean },
): Promise<Made> {
  const count = { accounts: 0, rows: 0, files: 0, missing: [] as string[] };
  const source = contents(deps, snapshot, count, builds && deps.config.bucket === null);
  return { ...(await writeEncrypted(deps, path, overwrite, source)), ...count };
}

/** By its sum, a database is known later as the one that this backup was made of (`replaced.ts`). */
export function recordBackup(tx: Tx, now: number, { sha256, bytes }: Written): Promise<void> {
  const entry = {
    event: 'backup.made' as const,
    subject: null,
    actor: 'operator',
    detail: { sha256, bytes },
  };
  return record(tx, nowhere(now), entry);
}

async function* contents(
  deps: WriteDeps,
  snapshot: Snapshot,
  count: { accounts: number; rows: number; files: number; missing: string[] },
  withFiles: boolean,
): AsyncGenerator<Buffer, void, void> {
  const { schema } = snapshot;
  yield lineOf({ head: { schema, made_at: deps.clock.now(), engine: deps.database.engine } });
  const builds: { id: string; size: number }[] = [];
  for (const table of KEPT_TABLES) {
    const columns = await snapshot.columns(table);
    if (columns.length === 0) continue;
    yield lineOf({ table, columns });
    for await (const all of snapshot.rows(table, columns)) {
      const rows = table === 'meta' ? all.filter((row) => !isOwn(row, columns)) : all;
      count.rows += rows.length;
      if (table === 'account') count.accounts += rows.length;
      if (table === 'build') builds.push(...rows.map((row) => buildOf(row, columns)));
      yield linesOf(rows);
    }
  }
  for (const build of withFiles ? builds : []) yield* fileOf(deps, build, count);
  yield lineOf({ end: { rows: count.rows, files: count.files } });
}

const isOwn = (row: readonly Value[], columns: readonly string[]) =>
  OWN_META.some((prefix) => String(row[columns.indexOf('key')]).startsWith(prefix));

const buildOf = (row: readonly Value[], columns: readonly string[]) => ({
  id: String(row[columns.indexOf('id')]),
  size: Number(row[columns.indexOf('size')]),
});

async function* fileOf(
  { config }: WriteDeps,
  { id, size }: { id: string; size: number },
  count: { files: number; missing: string[] },
): AsyncGenerator<Buffer, void, void> {
  let stream: Readable;
  try {
    stream = await openBuildFiles(config).read(id, { start: 0, end: size - 1 });
  } catch (error) {
    if (!(error instanceof FileMissing)) throw error;
    // Deleted since the snapshot, or lost before.
    count.missing.push(id);
    return;
  }
  yield lineOf({ file: id, size });
  let read = 0;
  for await (const bytes of stream as AsyncIterable<Buffer>) {
    read += bytes.length;
    yield bytes;
  }
  if (read !== size) throw new Error(`the file of build ${id} has ${read} bytes in place of ${size}`);
  yield AFTER_FILE;
  count.files += 1;
}
