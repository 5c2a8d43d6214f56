import type { Readable } from 'node:stream';
import { record } from '../audit/record.ts';
import type { Db } from '../database/open.ts';
import { isUniqueViolation } from '../database/unique-violation.ts';
import { newId } from '../kit/random.ts';
import { type FieldComplaint, Refusal, refuseField, refuseFields } from '../kit/refusal.ts';
import { policyValue } from '../policy/values.ts';
import type { App, Build } from './app.ts';
import { insertBuild, lockQuota, measureBuilds } from './build-store.ts';
import { removeFile } from './change-app.ts';
import { refuseZeroBytes } from './create-app.ts';
import { discard, type Received, receive } from './files/incoming.ts';
import { incomingFolder } from './files/open.ts';
import { type Format, kindOf, namedFormat, type Platform } from './format-rules.ts';
import { inspectBuild, inspectHead } from './inspect-build.ts';
import { isVersion, LONGEST_NOTES, readFileName } from './name-rules.ts';
import { type BuildDeps, doneBy, findManaged, lockManaged, type Publisher } from './publisher.ts';
import type { Bundle } from './read-bundle.ts';

const MIB = 1024 * 1024;

export interface NewBuild {
  readonly version: string;
  readonly notes: string;
  /** Null: as the kind of file says; archives run anywhere. */
  readonly platform: Platform | null;
  readonly fileName: string;
}

export interface Sending {
  readonly stream: Readable;
  /** Called now and then while bytes come in. */
  readonly onProgress?: () => void;
}

/**
 * Streams a file in, looks at it, keeps it, and only then says that there is a build: wherever a crash comes, nothing
 * partial is ever listed (R78). Nobody sees it before it is published.
 * @throws {Refusal} not_found, invalid_input, store_full, too_many_builds, too_many_attempts, changes_frozen
 */
export async function uploadBuild(
  deps: BuildDeps,
  publisher: Publisher,
  slug: string,
  asked: NewBuild,
  { stream, onProgress = () => {} }: Sending,
): Promise<Build> {
  const { database, config, files } = deps;
  const app = await findManaged(database.db, publisher, slug);
  const { fileName, format, platform, notes } = checkNewBuild(asked);
  const limit = await roomFor(database.db, app);
  const id = newId(deps.random);
  const received = await receive(incomingFolder(config), id, stream, {
    most: limit.bytes,
    onTooMuch: () => {
      throw limit.refusal;
    },
    together: limit.left,
    onFull: () => {
      throw new Refusal('store_full');
    },
    onHead: (head) => inspectHead(head, format),
    onProgress,
  }).catch(explainFullDisk);
  try {
    const bundle = await inspectBuild(received, format, publisher.actor);
    await files.keep(id, received.path);
    const build = { id, version: asked.version, notes, platform, format, file_name: fileName };
    return await insert(deps, publisher, slug, build, received, bundle);
  } catch (error) {
    await discard(received.path);
    // Whether a COMMIT came through may not be known: then the file stays, and where it is no build the upkeep takes it away.
    if (error instanceof Refusal) await removeFile(deps, id);
    throw error;
  }
}

type Described = Pick<Build, 'id' | 'version' | 'notes' | 'platform' | 'format' | 'file_name'>;

async function insert(
  deps: BuildDeps,
  publisher: Publisher,
  slug: string,
  described: Described,
  { size, sha256 }: Received,
  bundle: Bundle | null,
): Promise<Build> {
  // The upload may have taken an hour.
  const now = deps.clock.now();
  const late = { ...publisher, place: { ...publisher.place, now } };
  return deps.database.transaction(async (tx) => {
    const app = await lockManaged(tx, late, slug);
    await lockQuota(tx);
    const limit = await roomFor(tx, app);
    if (size > limit.bytes) throw limit.refusal;
    const row = { ...described, app_id: app.id, size, sha256, created_at: now };
    await insertBuild(tx, { ...row, bundle: bundle && JSON.stringify(bundle) }).catch(explainTaken);
    const { id, version, platform } = described;
    const detail = { app: slug, version, platform, build: id };
    await record(tx, late.place, { event: 'store.build_uploaded', ...doneBy(late), detail });
    return { ...row, bundle, downloads: 0 };
  });
}

/** All complaints at once. @throws {Refusal} invalid_input, malformed_request */
function checkNewBuild({ version, notes, platform, fileName }: NewBuild) {
  refuseZeroBytes(notes);
  const name = readFileName(fileName);
  const format = namedFormat(fileName);
  const text = notes.normalize('NFC').replace(/\r\n?/g, '\n').trim();
  const refusal = refuseFields(
    { version, file: fileName },
    {
      version: !isVersion(version) && 'version_invalid',
      notes: [...text].length > LONGEST_NOTES && 'too_long',
      file: complainAboutName(name, format),
      platform: format !== null && !fits(format, platform) && 'platform_unfit',
    },
  );
  if (name === null || format === null || Object.keys(refusal.detail.fields ?? {}).length > 0) throw refusal;
  return { fileName: name, format, notes: text, platform: kindOf(format).platform ?? platform ?? 'any' };
}

function complainAboutName(name: string | null, format: Format | null): FieldComplaint | null {
  if (name === null) return 'file_name_invalid';
  return format === null ? 'file_kind_unknown' : null;
}

function fits(format: Format, platform: Platform | null): boolean {
  const own = kindOf(format).platform;
  return platform === null || own === null || own === platform;
}

interface Room {
  /** For one file; `refusal` is said of a larger one. */
  readonly bytes: number;
  readonly refusal: Refusal;
  /** For all together. */
  readonly left: number;
}

/** How many bytes may come in, and what is said of more. @throws {Refusal} too_many_builds, store_full */
async function roomFor(db: Db, app: App): Promise<Room> {
  const { ofApp, bytes } = await measureBuilds(db, app.id);
  if (ofApp >= (await policyValue(db, 'builds_per_app'))) throw new Refusal('too_many_builds');
  const most = (await policyValue(db, 'build_size_mib')) * MIB;
  const left = (await policyValue(db, 'builds_total_gib')) * 1024 * MIB - bytes;
  if (left <= 0) throw new Refusal('store_full');
  return most <= left
    ? { bytes: most, refusal: refuseField('file', 'file_too_large'), left }
    : { bytes: left, refusal: new Refusal('store_full'), left };
}

function explainTaken(error: unknown): never {
  throw isUniqueViolation(error) ? refuseField('version', 'version_taken') : error;
}

function explainFullDisk(error: unknown): never {
  throw (error as { code?: string }).code === 'ENOSPC' ? new Refusal('store_full') : error;
}
