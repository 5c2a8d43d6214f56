import { createReadStream } from 'node:fs';
import { pipeline, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { bufferCollector } from '../kit/free-buffers.ts';
import { refuseField } from '../kit/refusal.ts';
import { leadsAway, mostUnpacked } from './archive-limits.ts';
import type { Format } from './format-rules.ts';
import { openTarEntries, type TarEntry } from './tar-entries.ts';

const PIECE = 256 * 1024;

/** How each is unpacked; xz and bzip2 are not known to Node, so those are kept as they are (decision 32). */
const UNPACKERS: Partial<Record<Format, (() => Transform) | null>> = {
  tar: null,
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
  for await (const piece of unpack(path, format)) {
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

async function* unpack(path: string, format: Format): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: PIECE });
  const unpacker = UNPACKERS[format]?.();
  const source = unpacker ? pipeline(file, unpacker, () => {}) : file;
  try {
    yield* source as AsyncIterable<Buffer>;
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
