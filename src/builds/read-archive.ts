import type { Entry, ZipFile } from 'yauzl';
import { type FieldComplaint, refuseField } from '../kit/refusal.ts';
import { MOST_ENTRIES, MOST_NAMES, mostUnpacked } from './archive-limits.ts';
import { type Format, kindOf } from './format-rules.ts';
import { inThread } from './in-thread.ts';
import type { Bundle } from './read-bundle.ts';

const MOST_PLIST = 1024 * 1024;

const PROPERTY_LIST = /^Payload\/[^/]+\.app\/Info\.plist$/;

/** What the archive must hold to be what its name says. */
const CONTAINS: Partial<Record<Format, RegExp>> = {
  apk: /^AndroidManifest\.xml$/,
  aab: /^BundleConfig\.pb$/,
  ipa: PROPERTY_LIST,
};

/**
 * Reads an archive's list of contents, and of an iPhone's app the one file that says what it is; nothing is ever
 * unpacked here (R78, A60). -> what that file says; null for all others.
 * @throws {Refusal} invalid_input on `file`: archive_broken, archive_too_big, archive_unsafe, file_kind_unfit; too_many_attempts
 */
export async function readArchive(
  path: string,
  size: number,
  format: Format,
  whose: string,
): Promise<Bundle | null> {
  const { openPromise } = await import('yauzl');
  const archive = await openPromise(path, { autoClose: false }).catch(refuse('archive_broken'));
  try {
    if (archive.entryCount > MOST_ENTRIES) throw complain('archive_too_big');
    const wanted = await lookThrough(archive, size, CONTAINS[format]);
    if (CONTAINS[format] && !wanted) throw complain('file_kind_unfit');
    if (format !== 'ipa') return null;
    const bundle = await readBundle(archive, wanted as Entry, whose);
    if (!bundle) throw complain('archive_broken');
    return bundle;
  } finally {
    archive.close();
  }
}

/** -> the entry that was looked for. */
async function lookThrough(
  archive: ZipFile,
  size: number,
  wanted: RegExp | undefined,
): Promise<Entry | null> {
  const names = new Set<string>();
  const most = mostUnpacked(size);
  let unpacked = 0;
  let named = 0;
  let found: Entry | null = null;
  const entries = archive.eachEntry();
  for (;;) {
    // Names that are absolute or climb out of the folder are refused by the library itself.
    const next = await entries.next().catch((error: Error) => {
      throw complain(
        /absolute path|relative path|characters in fileName/.test(error.message)
          ? 'archive_unsafe'
          : 'archive_broken',
      );
    });
    if (next.done) break;
    const entry = next.value as Entry;
    unpacked += entry.uncompressedSize;
    named += entry.fileName.length;
    if (unpacked > most || named > MOST_NAMES) throw complain('archive_too_big');
    // Of two files with one name, one program shows the first and another runs the second.
    if (isLink(entry) || names.has(entry.fileName)) throw complain('archive_unsafe');
    names.add(entry.fileName);
    // Who unpacks a stream reads the name before the file, and never sees the list.
    const local = await archive.readLocalFileHeaderPromise(entry).catch(refuse('archive_broken'));
    if (!local.fileName.equals(entry.fileNameRaw)) throw complain('archive_unsafe');
    if (!found && wanted?.test(entry.fileName)) found = entry;
  }
  if (names.size === 0) throw complain('archive_broken');
  return found;
}

/** A link, a device, a pipe: whatever Unix would not call a file or a folder. Others leave these bits empty. */
function isLink({ externalFileAttributes }: Entry): boolean {
  const kind = (externalFileAttributes >>> 16) & 0o170000;
  return kind !== 0 && kind !== 0o100000 && kind !== 0o040000;
}

async function readBundle(archive: ZipFile, entry: Entry, whose: string): Promise<Bundle | null> {
  if (entry.uncompressedSize > MOST_PLIST || !entry.canDecodeFileData()) return null;
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    const stream = await archive.openReadStreamPromise(entry);
    for await (const piece of stream as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > MOST_PLIST) return null;
      pieces.push(piece);
    }
  } catch {
    return null;
  }
  return inThread<Bundle>(new URL('./read-bundle.ts', import.meta.url), Buffer.concat(pieces), whose);
}

const complain = (complaint: FieldComplaint): Error => refuseField('file', complaint);

function refuse(complaint: FieldComplaint): () => never {
  return () => {
    throw complain(complaint);
  };
}

/** True where the list of contents is looked through. */
export function isArchive(format: Format): boolean {
  return kindOf(format).zip;
}
