import { pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { argon2 } from './argon2.ts';
import { type ForeignHash, readForeignHash } from './foreign-hash.ts';

const pbkdf2Of = promisify(pbkdf2);
const scryptOf = promisify<string, Buffer, number, object, Buffer>(scrypt);

/**
 * Checks a password against a hash that another system made. Most of them hash what was typed, some its NFKC form as we
 * do (R4): where the two differ, both are tried. False for text that is no such hash.
 */
export async function verifyForeignHash(text: string, typed: string): Promise<boolean> {
  const hash = readForeignHash(text);
  if (typeof hash === 'string') return false;
  for (const password of new Set([typed, typed.normalize('NFKC')]))
    if (await matches(hash, password)) return true;
  return false;
}

async function matches(hash: ForeignHash, password: string): Promise<boolean> {
  switch (hash.kind) {
    case 'bcrypt': {
      // Loaded only where somebody was imported with one.
      const { verify } = await import('@node-rs/bcrypt');
      return verify(password, hash.text);
    }
    case 'argon2':
      return argon2().verify(hash.text, password);
    case 'scrypt': {
      const { N, r, p, salt, digest } = hash;
      // Node's limit counts more than the formula does.
      const maxmem = 256 * r * (N + p) + 1024 * 1024;
      return timingSafeEqual(await scryptOf(password, salt, digest.length, { N, r, p, maxmem }), digest);
    }
    case 'pbkdf2': {
      const { iterations, salt, digest } = hash;
      return timingSafeEqual(await pbkdf2Of(password, salt, iterations, digest.length, hash.hash), digest);
    }
  }
}
