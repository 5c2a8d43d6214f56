/** The only way to the time of day. Tests move a clock of their own by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Codes are right for thirty seconds: a server this far off refuses those that depend on the time (R9, A62). */
export const CLOCK_TOLERANCE = 5 * SECOND;
