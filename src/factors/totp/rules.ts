import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { sameText } from '../../kit/encoding.ts';

/** RFC 6238 section 4: what every authenticator app understands (R6). */
const PERIOD_SECONDS = 30;
export const DIGITS = 6;
export const SECRET_BYTES = 20;
/** RFC 6238 section 5.2: one step of drift either way, and no more (R9). */
const WINDOW = 1;
/** How far the clock doctor looks, without accepting: ten minutes either way. */
const DOCTOR_STEPS = 20;

/** The step that holds the instant `now` (epoch milliseconds). */
export function stepAt(now: number): number {
  return Math.floor(now / 1000 / PERIOD_SECONDS);
}

/** HOTP after RFC 4226 section 5.3, over HMAC-SHA-1. A key made once serves many counters, four times as fast. */
export function hotp(secret: Uint8Array | KeyObject, counter: number, digits = DIGITS): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac('sha1', secret).update(message).digest();
  const offset = (digest[19] as number) & 15;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/**
 * The step within the window whose code this is, or null. Every candidate is computed and compared, so that the time
 * taken does not tell which one matched. Where a code belongs to two steps, the newest counts, which spends both.
 */
export function matchStep(secret: Uint8Array, code: string, now: number): number | null {
  const key = createSecretKey(secret);
  const current = stepAt(now);
  let found: number | null = null;
  for (let step = current - WINDOW; step <= current + WINDOW; step++) {
    if (step >= 0 && sameText(hotp(key, step), code)) found = step;
  }
  return found;
}

/** By how many steps the code is off, outside the window and up to ten minutes; null when it isn't near (clock doctor). */
export function nearMiss(secret: Uint8Array, code: string, now: number): number | null {
  const key = createSecretKey(secret);
  const current = stepAt(now);
  for (let distance = WINDOW + 1; distance <= DOCTOR_STEPS; distance++) {
    for (const offset of [-distance, distance]) {
      if (current + offset >= 0 && sameText(hotp(key, current + offset), code)) return offset;
    }
  }
  return null;
}

/** Key URI format: `otpauth://totp/BRAND:e-mail?secret=…&issuer=BRAND`; apps then show "BRAND: e-mail". */
export function otpauthUri(brand: string, email: string, base32Secret: string): string {
  const label = `${encodeURIComponent(brand)}:${encodeURIComponent(email)}`;
  const issuer = encodeURIComponent(brand);
  return `otpauth://totp/${label}?secret=${base32Secret}&issuer=${issuer}&algorithm=SHA1&digits=${DIGITS}&period=${PERIOD_SECONDS}`;
}
