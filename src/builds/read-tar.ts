import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { bufferCollector } from '../kit/free-buffers.ts';
import { refuseField } from '../kit/refusal.ts';
import { leadsAway, mostUnpacked } from './archive-limits.ts';
import type { Format } from './format-rules.ts';
import { openTarEntries, type TarEntry } from './tar-entries.ts';

const PIECE = 256 * 1024;
/** What packs in parallel begins a new one every eight megabytes; each costs us a reader of its own. */
const MOST_FRAMES = 2_000;

type Unpacker = Gunzip | ZstdDecompress | null;

/** How each is unpacked; xz and bzip2 are not known to Node, so those are kept as they are (decision 32). */
const UNPACKERS: Partial<Record<Format, () => Unpacker>> = {
  tar: () => null,
  'tar.gz': () => createGunzip({ chunkSize: PIECE }),
  'tar.zst': () => createZstdDecompress({ chunkSize: PIECE }),
};

/** True where the names in it are looked through. */
export function isTar(format: Format): boolean {
  return UNPACKERS[format] !== undefined;
}

/**
 * Looks through a tar archive as it streams by; nothing of it is written anywhere (R78, A60). What is compressed but is no
 * tar is one file, which leads nowhere: of that only the size counts.
 * @throws {Refusal} invalid_input on `file`: archive_broken, archive_too_big, archive_unsafe
 */
export async function readTar(path: string, size: number, format: Format): Promise<void> {
  const most = mostUnpacked(size);
  const entries = openTarEntries();
  const done = bufferCollector();
  let unpacked = 0;
  for await (const piece of unpack(path, size, format)) {
    unpacked += piece.length;
    if (unpacked > most) throw refuseField('file', 'archive_too_big');
    const found = entries.read(piece);
    if (found === 'broken') throw refuseField('file', 'archive_broken');
    if (found === 'too-many') throw refuseField('file', 'archive_too_big');
    if (found.some(isUnsafe)) throw refuseField('file', 'archive_unsafe');
    done(piece.length);
  }
  if (format === 'tar' && entries.count === 0) throw refuseField('file', 'archive_broken');
}

/** Node leaves a stream of Zstandard after its first frame, as if nothing followed; of gzip it takes all members itself. */
async function* unpack(path: string, size: number, format: Format): AsyncGenerator<Buffer> {
  let start = 0;
  let frames = 0;
  do {
    if (frames === MOST_FRAMES) throw refuseField('file', 'archive_too_big');
    start += yield* unpackFrom(path, start, UNPACKERS[format]?.() ?? null);
    frames += 1;
  } while (format === 'tar.zst' && start < size);
}

/** -> how many bytes of the file went into it. */
async function* unpackFrom(path: string, start: number, unpacker: Unpacker): AsyncGenerator<Buffer, number> {
  const file = createReadStream(path, { start, highWaterMark: PIECE });
  const source = unpacker ? pipeline(file, unpacker, () => {}) : file;
  try {
    yield* source as AsyncIterable<Buffer>;
    return unpacker?.bytesWritten ?? file.bytesRead;
  } catch {
    throw refuseField('file', 'archive_broken');
  } finally {
    file.destroy();
    unpacker?.destroy();
  }
}

function isUnsafe({ name, isLink }: TarEntry): boolean {
  return isLink || leadsAway(name);
}
