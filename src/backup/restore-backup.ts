import type { FileHandle } from 'node:fs/promises';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { incomingFolder, openBuildFiles } from '../builds/files/open.ts';
import { type Load, loadDatabase, NotEmpty } from '../database/load.ts';
import type { Database } from '../database/open.ts';
import { createOutbox } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { newId } from '../kit/random.ts';
import { BackupRefused, readEncrypted } from './backup-file.ts';
import { type Checked, checkBackup } from './check-backup.ts';
import { type Fenced, setFence } from './fence.ts';
import { readLines } from './format.ts';

type RestoreDeps = Pick<Deps, 'config' | 'clock' | 'random' | 'seal' | 'log'>;

export interface Restored extends Fenced {
  readonly made_at: number;
  readonly rows: number;
  /** Files of builds. */
  readonly files: number;
}

/**
 * Fills an empty database of either engine from a backup, all or nothing, and sets the fence of R82: nobody is signed in, no
 * link or token works, no code works twice. The file is read whole and checked before anything is changed.
 * @throws {BackupRefused}
 */
export async function restoreBackup(deps: RestoreDeps, path: string): Promise<Restored> {
  const { config, clock, random } = deps;
  const checked = await checkBackup(deps, path);
  const now = clock.now();
  let fenced: Fenced | null = null;
  try {
    await loadDatabase(
      config.databaseUrl,
      { schema: checked.schema, now, random },
      (load) => fill(deps, load, path),
      async (load) => {
        const outbox = outboxOf(deps, load.database);
        fenced = await setFence(load, { config, outbox }, { now, madeAt: checked.madeAt });
      },
    );
  } catch (error) {
    if (!(error instanceof NotEmpty)) throw error;
    throw new BackupRefused(
      'database_not_empty',
      'DATABASE_URL names a database that holds something. Nothing was changed. Name an empty one, or move this one away first, with no server running.',
    );
  }
  const { madeAt: made_at, rows, files }: Checked = checked;
  return { made_at, rows, files, ...(fenced as unknown as Fenced) };
}

async function fill(deps: RestoreDeps, load: Load, path: string): Promise<void> {
  const receiver = fileReceiver(deps);
  let table = '';
  let columns: readonly string[] = [];
  for await (const found of readLines(readEncrypted(deps, path))) {
    if (found.kind === 'rows') await load.insert(table, columns, found.rows);
    else if (found.kind === 'bytes') await receiver.take(found.bytes);
    else if ('table' in found.line) ({ table, columns } = found.line);
    else if ('file' in found.line) await receiver.begin(found.line.file, found.line.size);
  }
}

/** Files of builds go to where this house keeps them. What is left of a restore that failed is swept like a broken upload. */
function fileReceiver({ config, random }: RestoreDeps) {
  const files = openBuildFiles(config);
  let current: { id: string; path: string; handle: FileHandle; left: number } | null = null;
  return {
    async begin(id: string, size: number) {
      const folder = incomingFolder(config);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, newId(random));
      current = { id, path, handle: await open(path, 'wx', 0o600), left: size };
    },
    async take(bytes: Buffer) {
      if (!current) return;
      await current.handle.writeFile(bytes);
      current.left -= bytes.length;
      if (current.left > 0) return;
      await current.handle.sync();
      await current.handle.close();
      await files.keep(current.id, current.path);
      current = null;
    },
  };
}

/** Queues only: the server that is started on this database delivers. */
function outboxOf(deps: RestoreDeps, database: Database) {
  const never = async () => {};
  return createOutbox({
    ...deps,
    database,
    mail: { send: never },
    tasks: new Map(),
    holder: newId(deps.random),
  });
}
