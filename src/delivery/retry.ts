import { DAY, HOUR, MINUTE, SECOND } from '../kit/clock.ts';

/** Tried at least this long before we give up (R74: at least 72 hours). */
export const GIVE_UP_AFTER = 3 * DAY;

const FIRST_PAUSE = 5 * SECOND;
/** A short outage must not delay a mail by more than two minutes after its end (A38). */
const LONGEST_PAUSE_AT_FIRST = MINUTE;
const LONGEST_PAUSE = 15 * MINUTE;

/** The pause before the next try, in milliseconds. `attempts` were made, over `age` milliseconds. */
export function pauseAfter(attempts: number, age: number): number {
  const longest = age < HOUR ? LONGEST_PAUSE_AT_FIRST : LONGEST_PAUSE;
  return Math.min(FIRST_PAUSE * 2 ** Math.min(attempts - 1, 20), longest);
}

/**
 * How long one try may take, in milliseconds. A server that answers slowly but in the end would, with one short limit,
 * deliver the same mail again at every try, so later tries are more patient; pause and try together stay under the two
 * minutes of A38.
 */
export function patienceFor(attempt: number): number {
  return Math.min(10 * SECOND * 2 ** Math.min(attempt - 1, 2), 40 * SECOND);
}

/** A text message: somebody sits in front of the page and waits for it, however often it was tried (R16, A30). */
export const TEXT_PATIENCE = 5 * SECOND;

/** A process that died holding a parcel loses it after this long; longer than any try lasts. */
export const LEASE = 90 * SECOND;

/**
 * What may be kept and logged of a failure. Servers and gateways repeat what they were sent: addresses, numbers, links
 * and credentials don't get into logs or rows that way (R76).
 */
export function describeFailure(error: unknown): string {
  const { message, code, responseCode } = (error ?? '') as {
    message?: unknown;
    code?: unknown;
    responseCode?: unknown;
  };
  const words = [code, responseCode, typeof message === 'string' ? message : error].filter(
    (word) => word !== undefined && word !== false,
  );
  return words
    .join(' ')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '(link)')
    .replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g, '(address)')
    .replace(/[\w-]{32,}/g, '(token)')
    .replace(/\+?\d[\d -]{4,}\d/g, '(number)')
    .trim()
    .slice(0, 200);
}
