import { randomBytes } from 'node:crypto';

/** The only way to randomness: the operating system's generator, or a test's. */
export interface Random {
  bytes(length: number): Buffer;
}

const POOL_BYTES = 4096;
let pool = Buffer.alloc(0);
let taken = 0;

/**
 * The operating system's generator, asked for 4 KiB at a time: a call costs as much for 16 bytes as for a page. What
 * is handed out is copied and wiped from the pool, so that nothing is given twice or lies about.
 */
export const systemRandom: Random = {
  bytes(length) {
    if (length > POOL_BYTES / 4) return randomBytes(length);
    if (taken + length > pool.length) {
      pool = randomBytes(POOL_BYTES);
      taken = 0;
    }
    const bytes = Buffer.from(pool.subarray(taken, taken + length));
    pool.fill(0, taken, taken + length);
    taken += length;
    return bytes;
  },
};

/** A bearer token of 256 bits in base64url, 43 characters (R43, R50). Stored only as its SHA-256. */
export function newToken(random: Random): string {
  return random.bytes(32).toString('base64url');
}

/** An identifier of 128 bits in hexadecimal. Not a secret. */
export function newId(random: Random): string {
  return random.bytes(16).toString('hex');
}
