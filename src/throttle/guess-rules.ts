import { HOUR, MINUTE } from '../kit/clock.ts';

/** Wrong typed codes in a row before a hold (R11). */
export const BLOCK = 10;
/** Wrong typed codes in a row, holds or not, before typed codes close: chance of a hit 100 x 3/10^6 (NIST 800-63B). */
export const RUN_CAP = 100;
/** Wrong typed codes in thirty days, whatever successes lie between. */
export const MONTH_CAP = 200;
export const MONTH_DAYS = 30;
/** A reservation without an answer after this long was lost in a crash and counts as wrong. */
export const RESERVATION_MS = 10_000;

const FIRST_HOLD = 15 * MINUTE;
const LONGEST_HOLD = 24 * HOUR;

/** 15 minutes, doubling with every hold since the last success, at most a day. */
export function holdLength(holdsBefore: number): number {
  return Math.min(LONGEST_HOLD, FIRST_HOLD * 2 ** Math.min(holdsBefore, 10));
}
