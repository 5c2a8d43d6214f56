import { fromBase32 } from '../kit/encoding.ts';
import type { AppSecret } from './newcomer.ts';

/** RFC 4226 asks for 128 bits and recommends 160; apps of the first years were given 80. */
const LEAST_BYTES = 10;
const MOST_BYTES = 128;

/**
 * -> the secret, if codes of it are the ones that we check (R6: SHA-1, 6 digits, 30 seconds); a text: why not; null: it is
 * broken, and whoever it protects must not come in without it unnoticed.
 */
export function readAppSecret({
  secret,
  encoding,
  digits,
  period,
  algorithm,
}: AppSecret): Buffer | string | null {
  const hash = algorithm.toUpperCase().replace(/^HMAC|-/g, '');
  if (hash !== 'SHA1') return `authenticator app with ${algorithm}`;
  if (digits !== 6) return `authenticator app with ${digits} digits`;
  if (period !== 30) return `authenticator app with codes of ${period} seconds`;
  const bytes = encoding === 'text' ? Buffer.from(secret) : fromBase32(secret);
  return bytes && bytes.length >= LEAST_BYTES && bytes.length <= MOST_BYTES ? bytes : null;
}
