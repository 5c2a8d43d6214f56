import { open } from 'node:fs/promises';
import { refuseField } from '../kit/refusal.ts';
import type { Received } from './files/incoming.ts';
import { type Format, kindOf, TAIL_BYTES } from './format-rules.ts';
import { isArchive, readArchive } from './read-archive.ts';
import type { Bundle } from './read-bundle.ts';
import { isTar, readTar } from './read-tar.ts';

/**
 * What can be said of a file by its beginning alone: for all but those that are known by their end. @throws {Refusal}
 * invalid_input
 */
export function inspectHead(head: Buffer, format: Format): void {
  if (format !== 'dmg' && !kindOf(format).looks(head, head)) throw refuseField('file', 'file_kind_unfit');
}

/** A file that lies on our disk in whole, before it is kept. @throws {Refusal} invalid_input on `file` */
export async function inspectBuild(
  { path, size, head }: Received,
  format: Format,
  whose: string,
): Promise<Bundle | null> {
  if (size === 0) throw refuseField('file', 'required');
  const tail = await lastBytes(path, size);
  if (!kindOf(format).looks(head, tail)) throw refuseField('file', 'file_kind_unfit');
  if (isTar(format)) await readTar(path, size, format);
  return isArchive(format) ? readArchive(path, size, format, whose) : null;
}

async function lastBytes(path: string, size: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const tail = Buffer.alloc(Math.min(TAIL_BYTES, size));
    const { bytesRead } = await file.read(tail, 0, tail.length, size - tail.length);
    return tail.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
