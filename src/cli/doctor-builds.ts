import { listBuildIds } from '../builds/build-store.ts';
import { FileMissing } from '../builds/files/build-files.ts';
import { openBuildFiles } from '../builds/files/open.ts';
import { readOwner } from '../builds/owner.ts';
import type { Config } from '../config.ts';
import type { Db } from '../database/open.ts';
import { describeFailure } from '../delivery/retry.ts';
import { inTime } from '../kit/in-time.ts';
import { Sick } from './check.ts';

/** A bucket that is away: the server's own downloads wait for longer. */
const PATIENCE_MS = 8_000;

/**
 * Whether every build that the database knows has its file, and the newest can be read: a folder that the other instances
 * don't share, or another bucket, shows nowhere else until somebody downloads. @throws {Sick}
 */
export async function lookAtBuilds(config: Config, db: Db): Promise<string> {
  const known = await listBuildIds(db);
  const place = placeOf(config);
  if (config.bucket === null && known.length === 0) return `none yet; they go to ${place}`;
  const looking = look(config, known, await readOwner(db));
  const { missing, isForeign } = await inTime(looking, PATIENCE_MS, noAnswer).catch((error) => {
    throw new Sick(`${place} can't be read: ${describeFailure(error)}${ADVICE[kindOf(config)].closed}`);
  });
  if (missing > 0)
    throw new Sick(`${missing} of ${known.length} are not in ${place}${ADVICE[kindOf(config)].missing}`);
  if (isForeign)
    throw new Sick(
      `${place} belongs to another database, so nothing is cleaned up there: if this one has taken its place for good, remove the object “builds-owner”, and it is this one’s within an hour`,
    );
  return `${known.length} in ${place}`;
}

const ADVICE = {
  folder: {
    closed: ': let the user that the server runs as read it',
    missing:
      ': several instances must share that folder, or a bucket by BUILDS_URL; restore what is lost from a backup, or upload it again',
  },
  bucket: {
    closed: ': check the address, the key and the bucket’s name in BUILDS_URL',
    missing: ': is it the bucket that they were uploaded to? Upload what is lost again',
  },
};

const kindOf = ({ bucket }: Config): keyof typeof ADVICE => (bucket === null ? 'folder' : 'bucket');

function placeOf({ bucket, dataDir }: Config): string {
  return bucket === null ? `${dataDir}/builds` : `the bucket ${bucket.name} at ${bucket.endpoint}`;
}

/** `known`: newest first; `missing`: how many have no file. `owner`: what this database calls itself there. */
async function look(config: Config, known: readonly string[], owner: string | null) {
  const files = openBuildFiles(config);
  const here = new Set<string>();
  for await (const { id } of files.list()) here.add(id);
  const newest = known.find((id) => here.has(id));
  if (newest !== undefined) await readOneByte(files, newest);
  const claimed = (await files.mark?.read()) ?? null;
  return {
    missing: known.filter((id) => !here.has(id)).length,
    isForeign: claimed !== null && claimed !== owner,
  };
}

async function readOneByte(files: ReturnType<typeof openBuildFiles>, id: string): Promise<void> {
  try {
    for await (const _byte of await files.read(id, { start: 0, end: 0 })) break;
  } catch (error) {
    // Removed at this very moment.
    if (!(error instanceof FileMissing)) throw error;
  }
}

const noAnswer = () => new Error(`no answer within ${PATIENCE_MS / 1000} s`);
