import { z } from 'zod';
import { scryptText } from '../kit/foreign-hash.ts';
import { text } from './json-file.ts';

const piece = z.looseObject({
  value: z.string(),
  encoding: z.enum(['utf8', 'hex', 'base64']).default('utf8'),
});

/** Auth0's way of writing the hash of another algorithm: `custom_password_hash` of its import schema. */
export const customHash = z.looseObject({
  algorithm: z.string(),
  hash: piece,
  salt: z.looseObject({ value: text, encoding: piece.shape.encoding, position: text }).nullish(),
  keylen: z.number().int().optional(),
  cost: z.number().int().default(16_384),
  blockSize: z.number().int().default(8),
  parallelization: z.number().int().default(1),
});

/** bcrypt, argon2 and PBKDF2 stand there as their own text; scrypt in pieces. What is none of them, the check refuses. */
export function customHashText({
  algorithm,
  hash,
  salt,
  keylen,
  cost,
  blockSize,
  parallelization,
}: z.infer<typeof customHash>): string {
  if (algorithm !== 'scrypt' || hash.value.startsWith('$')) return hash.value;
  const digest = Buffer.from(hash.value, hash.encoding);
  if (keylen !== undefined && keylen !== digest.length) return '';
  const parameters = { N: cost, r: blockSize, p: parallelization };
  return scryptText(parameters, Buffer.from(salt?.value ?? '', salt?.encoding ?? 'utf8'), digest);
}
