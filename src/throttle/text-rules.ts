import { DAY, HOUR, SECOND } from '../kit/clock.ts';

interface Limit {
  readonly most: number;
  /** Rolling, in milliseconds. */
  readonly within: number;
}

/** Each for an account and for a number (R15). */
const LIMITS: readonly Limit[] = [
  { most: 1, within: 60 * SECOND },
  { most: 5, within: HOUR },
  { most: 10, within: DAY },
];

/** As many of the latest messages as any limit looks at. */
export const LOOK_BACK = Math.max(...LIMITS.map(({ most }) => most));

/** `sent`: when the latest messages went out, newest first. -> milliseconds until the next one may; 0: now */
export function waitAfter(sent: readonly number[], now: number): number {
  const waits = LIMITS.map(({ most, within }) => {
    const oldest = sent[most - 1];
    // A clock that was set back must not make anybody wait for longer than the limit.
    return oldest === undefined ? 0 : Math.min(within, oldest + within - now);
  });
  return Math.max(0, ...waits);
}

/** The cap counts by days of UTC, so that "today" ends for everybody at one moment that can be named. */
export function startOfDay(now: number): number {
  return Math.floor(now / DAY) * DAY;
}
