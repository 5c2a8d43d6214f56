import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { BackupRefused } from '../backup/backup-file.ts';
import { makeBackup } from '../backup/make-backup.ts';
import { restoreBackup } from '../backup/restore-backup.ts';
import { readConfig } from '../config.ts';
import { loadKeyRing, openSeal } from '../database/keys.ts';
import { systemClock } from '../kit/clock.ts';
import { counted } from '../kit/counted.ts';
import { createLog } from '../kit/log.ts';
import { systemRandom } from '../kit/random.ts';
import { type Call, type Command, CommandRefused, WrongUsage } from './command.ts';
import { explainFile } from './explain-file.ts';
import { withDeps } from './open.ts';

export const backupCommands: readonly Command[] = [
  {
    name: 'backup',
    takes: 'FILE [--overwrite] [--without-builds]',
    does: 'a consistent, encrypted copy of everything but the key ring, beside a running server',
    operands: ['FILE'],
    options: { overwrite: { type: 'boolean' }, 'without-builds': { type: 'boolean' } },
    run: backup,
  },
  {
    name: 'restore',
    takes: 'FILE [--replaces DATABASE_URL]',
    does: 'replaces what is there with a backup, all or nothing, also beside a running server; what was there is first backed up into DATA_DIR; everybody is signed out, links are void, and so are the recovery codes of whoever was active since; --replaces: for an empty database, the one that was in use until now',
    operands: ['FILE'],
    options: { replaces: { type: 'string' } },
    run: restore,
  },
];

async function backup(call: Call): Promise<void> {
  const file = call.operands[0] as string;
  assertPlaceFor(file);
  const options = { overwrite: call.flag('overwrite'), builds: !call.flag('without-builds') };
  const made = await withDeps(call, async (deps) => {
    const done = await explained(() => makeBackup(deps, file, options));
    if (options.builds && deps.config.bucket !== null)
      call.remark('The files of builds are in a bucket, not in this backup.');
    return done;
  });
  for (const id of made.missing)
    call.remark(`The file of build ${id} is missing, so it is not in the backup.`);
  await call.print(
    `${file}: ${counted(made.accounts, 'account')}, ${counted(made.rows, 'row')}, ${counted(made.files, 'file')} of builds, ${made.bytes} bytes.\n` +
      `SHA-256 ${made.sha256}\nThe key ring is not in it, but is needed to restore it: keep copies of both, in separate places.`,
    { file, bytes: made.bytes, sha256: made.sha256 },
  );
}

/** Before anything is opened: later the system would name the file under which it is written until it is whole. */
function assertPlaceFor(file: string): void {
  const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (isFolder(file)) throw new CommandRefused('bad_file', `${file} is a folder: name a file in it.`);
  const folder = dirname(file);
  if (!existsSync(folder))
    throw new CommandRefused('bad_file', `There is no folder ${folder}: make it first.`);
  if (!isFolder(folder)) throw new CommandRefused('bad_file', `${folder} is not a folder.`);
}

async function restore(call: Call): Promise<void> {
  const file = call.operands[0] as string;
  const replaces = call.option('replaces') ?? null;
  if (replaces !== null && !/^(sqlite:.|postgres(ql)?:\/\/)/.test(replaces))
    throw new WrongUsage('--replaces takes sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME');
  const config = readConfig(call.world.env);
  const [clock, random, log] = [systemClock, systemRandom, createLog('silent')];
  // As if there were data: the ring that the backup needs is brought along, and none is made.
  const ring = loadKeyRing(config, false, random);
  const seal = openSeal(config, ring, random);
  const done = await explained(() =>
    restoreBackup({ config, clock, random, log, seal, ring }, file, replaces),
  );
  const made = new Date(done.made_at).toISOString();
  await call.print(
    [
      `Restored ${counted(done.rows, 'row')} and ${counted(done.files, 'file')} of builds, as of ${made}.`,
      ...(done.replaced === null ? [] : [`What was there before is in ${done.replaced}.`]),
      'Everybody is signed out; links in mails, tokens of apps and open invitations are void.',
      `The recovery codes of ${counted(done.lost_codes, 'account')} are void. ${counted(done.mails, 'person is', 'people are')} told by mail when the server runs.`,
      ...(done.suspended === 0
        ? []
        : [
            `${counted(done.suspended, 'account is', 'accounts are')} suspended, having been suspended or erased after that.`,
          ]),
      'Go through what has changed since then: accounts suspended or erased, roles, secrets of apps, passwords (docs/backup.md).',
    ].join('\n'),
    { file, ...done },
  );
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BackupRefused) throw new CommandRefused(error.code, error.message);
    throw explainFile(error);
  }
}
