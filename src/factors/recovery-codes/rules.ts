import { inGroups } from '../../kit/encoding.ts';
import type { Random } from '../../kit/random.ts';

/** Crockford's base32: no I, L, O, U, so that nothing read aloud or off paper is mistaken. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export const CODES_IN_A_SET = 10;
const CHARACTERS = 16;
/** A warning goes out when this few are left. */
export const FEW = 3;

/** Ten codes of 80 bits (R24), without hyphens. */
export function newCodes(random: Random): string[] {
  return Array.from({ length: CODES_IN_A_SET }, () => {
    // 256 is a multiple of 32: every character is equally likely.
    return [...random.bytes(CHARACTERS)].map((byte) => ALPHABET[byte & 31]).join('');
  });
}

/** `XXXX-XXXX-XXXX-XXXX` */
export function formatCode(code: string): string {
  return inGroups(code, 4, '-');
}

/** Case, spaces and dashes don't matter, and O is 0, I and L are 1 (R24). Null: not a recovery code. */
export function normalizeRecoveryCode(text: string): string | null {
  const code = text
    .replace(/[\s\u00a0\u2010-\u2015-]/g, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return code.length === CHARACTERS && [...code].every((character) => ALPHABET.includes(character))
    ? code
    : null;
}
