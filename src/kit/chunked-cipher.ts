import { createCipheriv, createDecipheriv, hkdfSync, type KeyObject } from 'node:crypto';

/** What is too large for one tag: pieces of so many bytes, each sealed by itself. */
const PIECE = 64 * 1024;
const TAG = 16;

/** A piece is not what was written, stands in another place, or the end is missing. */
export class PieceBroken extends Error {
  constructor() {
    super('a piece does not open');
    this.name = 'PieceBroken';
  }
}

/** A key for one file alone: `salt` is drawn for it, `header` is what stands before it and must not be changed. */
export function keyOfFile(root: KeyObject, salt: Buffer, header: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', root, salt, header, 32));
}

/**
 * AES-256-GCM over pieces of 64 KiB whose nonce is their place and whether it is the last one, as in STREAM (Hoang,
 * Reyhanitabar, Rogaway, Vizár 2015): pieces can't be changed, moved, repeated or left out, and a file can't be cut or
 * lengthened. A key that serves one file alone never meets a nonce twice.
 */
export async function* encryptPieces(
  key: Buffer,
  source: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, void> {
  let place = 0;
  for await (const { piece, last } of inPieces(source, PIECE)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(place++, last));
    yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
  }
}

/** Nothing of a piece is given out before it is known to be whole. @throws {PieceBroken} */
export async function* decryptPieces(
  key: Buffer,
  source: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, void> {
  let place = 0;
  for await (const { piece, last } of inPieces(source, PIECE + TAG)) {
    if (piece.length < TAG) throw new PieceBroken();
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(place++, last), { authTagLength: TAG });
    decipher.setAuthTag(piece.subarray(-TAG));
    try {
      const text = decipher.update(piece.subarray(0, -TAG));
      decipher.final();
      yield text;
    } catch {
      throw new PieceBroken();
    }
  }
}

function nonceOf(place: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(place), 3);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** All of the same size but the last, which is shorter or as long, and empty only where there is nothing at all. */
async function* inPieces(
  source: AsyncIterable<Buffer>,
  size: number,
): AsyncGenerator<{ piece: Buffer; last: boolean }, void, void> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const part of source) {
    held.push(part);
    length += part.length;
    // One byte more than a piece: then this is not the last.
    if (length <= size) continue;
    const all = Buffer.concat(held);
    let start = 0;
    for (; all.length - start > size; start += size)
      yield { piece: all.subarray(start, start + size), last: false };
    held = [all.subarray(start)];
    length = all.length - start;
  }
  yield { piece: Buffer.concat(held), last: true };
}
