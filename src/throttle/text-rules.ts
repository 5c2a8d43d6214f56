import { DAY, HOUR, SECOND } from '../kit/clock.ts';

interface Limit {
  readonly most: number;
  /** Rolling, in milliseconds. */
  readonly within: number;
}

/** Between two messages; not after one whose code was used, since then nobody is waiting for it (R15). */
const PAUSE: Limit = { most: 1, within: 60 * SECOND };

/**
 * Each for an account and for a number (R15), and each of the two shares: a browser that has signed in fully before has
 * one of its own, or whoever knows the password could see to it that no code reaches its owner (R59).
 */
const LIMITS: readonly Limit[] = [
  { most: 5, within: HOUR },
  { most: 10, within: DAY },
];

/** As many of the latest messages as any limit looks at, in both shares. */
export const LOOK_BACK = 2 * Math.max(...LIMITS.map(({ most }) => most));

export interface Sent {
  readonly sent_at: number;
  readonly used_at: number | null;
  /** 1: asked for by a browser that had signed in before. */
  readonly known: number;
}

/** `sent`: the latest messages, newest first. -> milliseconds until the next one of this share may go out; 0: now */
export function waitAfter(sent: readonly Sent[], known: number, now: number): number {
  const unused = sent.filter(({ used_at }) => used_at === null);
  const share = sent.filter((one) => one.known === known);
  const waits = [waitFor(PAUSE, unused, now), ...LIMITS.map((limit) => waitFor(limit, share, now))];
  return Math.max(0, ...waits);
}

function waitFor({ most, within }: Limit, sent: readonly Sent[], now: number): number {
  const oldest = sent[most - 1]?.sent_at;
  // A clock that was set back must not make anybody wait for longer than the limit.
  return oldest === undefined ? 0 : Math.min(within, oldest + within - now);
}

/** The cap counts by days of UTC, so that "today" ends for everybody at one moment that can be named. */
export function startOfDay(now: number): number {
  return Math.floor(now / DAY) * DAY;
}
