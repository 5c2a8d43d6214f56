import { rmSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { incomingFolder, openBuildFiles } from '../builds/files/open.ts';
import { DatabaseBusy, type Held } from '../database/held.ts';
import { type Load, loadDatabase, NotEmpty } from '../database/load.ts';
import type { Database } from '../database/open.ts';
import { createOutbox } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { registerActiveKey } from '../keys/register-key.ts';
import { makeFolder } from '../kit/make-folder.ts';
import { newId } from '../kit/random.ts';
import type { KeyRing } from '../kit/seal.ts';
import { BackupRefused, readEncrypted } from './backup-file.ts';
import { type Checked, checkBackup } from './check-backup.ts';
import { type Fenced, setFence } from './fence.ts';
import { readLines } from './format.ts';
import { recordBackup } from './make-backup.ts';
import { originOf, readReplaced, readSince } from './replaced.ts';
import { type Aside, setAside } from './set-aside.ts';

export interface RestoreDeps extends Pick<Deps, 'config' | 'clock' | 'random' | 'seal' | 'log'> {
  readonly ring: KeyRing;
}

export interface Restored extends Fenced {
  readonly made_at: number;
  readonly rows: number;
  /** Files of builds. */
  readonly files: number;
  /** The backup of what was there before; null: there was nothing. */
  readonly replaced: string | null;
}

/**
 * Puts a backup in the place of what is there, on either engine, all or nothing, and sets the fence of R82: nobody is signed
 * in, no link or token works, no code works twice. The file is read whole and checked before anything is changed. A database
 * that holds something must be ours, and goes into a backup of its own first. `replaces`: the URL of the database that was in
 * use since, where that is another one, can still be read, and this one is empty. @throws {BackupRefused}
 */
export async function restoreBackup(
  deps: RestoreDeps,
  path: string,
  replaces: string | null = null,
): Promise<Restored> {
  const { config, clock, random } = deps;
  const checked = await checkBackup(deps, path);
  const origin = await originOf(path, checked);
  const elsewhere = replaces === config.databaseUrl ? null : replaces;
  let replaced = elsewhere === null ? null : await readReplaced(elsewhere, origin);
  let aside: Aside | null = null;
  let fenced: Fenced | null = null;
  const replace = async (old: Held) => {
    aside = await setAside(deps, old);
    replaced = await readSince(await old.snapshot(), origin, true);
  };
  const finish = async (load: Load) => {
    // Not earlier: until it was locked, codes were taken.
    const now = clock.now();
    const outbox = outboxOf(deps, load.database);
    fenced = await setFence(load, { config, outbox }, { now, madeAt: checked.madeAt, replaced });
    if (aside) await afterwards(deps, load, aside, now);
  };
  try {
    await loadDatabase(
      config.databaseUrl,
      { schema: checked.schema, now: clock.now(), random },
      { fill: (load) => fill(deps, load, path), finish, replace: elsewhere === null ? replace : undefined },
    );
  } catch (error) {
    // Whether a COMMIT came through may not be known; then it is kept.
    if (aside && !fenced) rmSync((aside as Aside).file, { force: true });
    throw refusalOf(error);
  }
  const { madeAt: made_at, rows, files }: Checked = checked;
  const kept = (aside as Aside | null)?.file ?? null;
  return { made_at, rows, files, replaced: kept, ...(fenced as unknown as Fenced) };
}

/** What a running server has to find, since it makes no start. */
async function afterwards(deps: RestoreDeps, load: Load, aside: Aside, now: number): Promise<void> {
  // Going back to it is a restore like any other, of a backup that this database knows.
  await load.run((tx) => recordBackup(tx, now, aside));
  await registerActiveKey({ ...deps, database: load.database }, deps.ring, 'operator');
}

function refusalOf(error: unknown): unknown {
  if (error instanceof NotEmpty)
    return new BackupRefused(
      'database_not_empty',
      'DATABASE_URL names a database that is not empty. Nothing was changed. Leave out --replaces to replace that one.',
    );
  if (error instanceof DatabaseBusy)
    return new BackupRefused(
      'database_busy',
      'Something else has held the database for too long, perhaps a backup under way. Nothing was changed. Try again, or stop the servers first.',
    );
  return error;
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
      makeFolder(folder);
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
