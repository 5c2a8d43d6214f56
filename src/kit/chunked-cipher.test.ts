import { createSecretKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { decryptPieces, encryptPieces, keyOfFile, PieceBroken } from './chunked-cipher.ts';
import { systemRandom } from './random.ts';

const key = keyOfFile(createSecretKey(systemRandom.bytes(32)), systemRandom.bytes(32), Buffer.from('header'));

async function* inParts(whole: Buffer, size: number) {
  for (let start = 0; start < whole.length; start += size) yield whole.subarray(start, start + size);
}

async function collect(parts: AsyncIterable<Buffer>): Promise<Buffer> {
  const held: Buffer[] = [];
  for await (const part of parts) held.push(Buffer.from(part));
  return Buffer.concat(held);
}

const PIECE = 65_536;
test.each([0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 200_000])(
  '%i bytes, however they come',
  async (length) => {
    const text = systemRandom.bytes(length);
    const sealed = await collect(encryptPieces(key, inParts(text, 7_001)));
    expect(sealed.length).toBe(length + 16 * Math.max(1, Math.ceil(length / PIECE)));
    for (const size of [1_000, PIECE + 16, 300_000])
      expect((await collect(decryptPieces(key, inParts(sealed, size)))).equals(text)).toBe(true);
  },
);

test('cut, lengthened, turned round, repeated, changed or under another header: refused', async () => {
  const sealed = await collect(encryptPieces(key, inParts(systemRandom.bytes(3 * PIECE), 10_000)));
  const size = PIECE + 16;
  const [one, two, three] = [0, 1, 2].map((place) => sealed.subarray(place * size, (place + 1) * size)) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  const flipped = Buffer.from(sealed);
  flipped[size + 5]! ^= 1;
  const broken = {
    'nothing at all': Buffer.alloc(0),
    'the end is missing': Buffer.concat([one, two]),
    'cut within a piece': sealed.subarray(0, sealed.length - 1),
    'something behind it': Buffer.concat([sealed, Buffer.from('x')]),
    'a piece too many': Buffer.concat([sealed, three]),
    'two pieces turned round': Buffer.concat([two, one, three]),
    'a piece twice': Buffer.concat([one, one, two, three]),
    'a piece left out': Buffer.concat([one, three]),
    'one bit': flipped,
  };
  for (const [what, bytes] of Object.entries(broken)) {
    const refused = await collect(decryptPieces(key, inParts(bytes, 50_000))).catch((error) => error);
    expect([what, refused]).toEqual([what, expect.any(PieceBroken)]);
  }
  const other = keyOfFile(createSecretKey(key), Buffer.alloc(32), Buffer.from('another header'));
  await expect(collect(decryptPieces(other, inParts(sealed, size)))).rejects.toThrow(PieceBroken);
});
