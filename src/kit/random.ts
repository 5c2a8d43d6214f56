import { randomBytes } from 'node:crypto';

/** The only way to randomness: the operating system's generator, or a test's. */
export interface Random {
  bytes(length: number): Buffer;
}

export const systemRandom: Random = { bytes: (length) => randomBytes(length) };

/** A bearer token of 256 bits in base64url, 43 characters (R43, R50). Stored only as its SHA-256. */
export function newToken(random: Random): string {
  return random.bytes(32).toString('base64url');
}

/** An identifier of 128 bits in hexadecimal. Not a secret. */
export function newId(random: Random): string {
  return random.bytes(16).toString('hex');
}
