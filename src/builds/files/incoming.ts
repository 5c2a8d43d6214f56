import { createHash } from 'node:crypto';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { bufferCollector } from '../../kit/free-buffers.ts';
import { makeFolder } from '../../kit/make-folder.ts';
import { HEAD_BYTES } from '../format-rules.ts';

/** A file that came in whole, and is safe on the disk. */
export interface Received {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Its first bytes, at most `HEAD_BYTES`. */
  readonly head: Buffer;
}

interface Watch {
  /** More bytes than these are not written. @throws whatever it likes */
  readonly most: number;
  onTooMuch(): never;
  /** The same for all that come in at this moment: until they are kept, nobody else counts them. */
  readonly together: number;
  onFull(): never;
  /** Asked once, as soon as the beginning is known: whoever sends something else need not send all of it. */
  onHead(head: Buffer): void;
  /** With every piece; a slow upload is a sign of life. */
  onProgress(): void;
}

/** Folder -> bytes of what is coming in to it. */
const underWay = new Map<string, number>();

function count(folder: string, bytes: number): number {
  const now = (underWay.get(folder) ?? 0) + bytes;
  if (now > 0) underWay.set(folder, now);
  else underWay.delete(folder);
  return now;
}

/** Takes what is streaming in to a file of its own, hashing it on the way; at most a few pieces are in memory at once. */
export async function receive(folder: string, id: string, source: Readable, watch: Watch): Promise<Received> {
  makeFolder(folder);
  const path = join(folder, id);
  const file = await open(path, 'wx', 0o600);
  let size = 0;
  try {
    const hash = createHash('sha256');
    const free = bufferCollector();
    let head = Buffer.alloc(0);
    let looked = false;
    // Whoever sends is read to the end even after a "no": a browser that is cut off shows no page that could say it.
    for await (const piece of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += piece.length;
      const together = count(folder, piece.length);
      if (size > watch.most) watch.onTooMuch();
      if (together > watch.together) watch.onFull();
      if (!looked) {
        head = Buffer.concat([head, piece.subarray(0, HEAD_BYTES - head.length)]);
        if (head.length === HEAD_BYTES) {
          watch.onHead(head);
          looked = true;
        }
      }
      hash.update(piece);
      await file.writeFile(piece);
      free(piece.length);
      watch.onProgress();
    }
    if (!looked) watch.onHead(head);
    await file.sync();
    return { path, size, sha256: hash.digest('hex'), head };
  } catch (error) {
    await discard(path);
    throw error;
  } finally {
    count(folder, -size);
    await file.close();
  }
}

export async function discard(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Left by a process that was killed: nobody has written to it since `before`. */
export async function sweepIncoming(folder: string, before: number): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  let swept = 0;
  for (const name of names) {
    const found = await stat(join(folder, name)).catch(() => null);
    if (!found || found.mtimeMs >= before) continue;
    await discard(join(folder, name));
    swept++;
  }
  return swept;
}
