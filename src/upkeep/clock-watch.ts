import type { Deps } from '../deps.ts';
import { SECOND } from '../kit/clock.ts';

/** Codes are right for thirty seconds: a server this far off begins to refuse people (R9). */
export const TOLERANCE = 5 * SECOND;

/**
 * How far this machine's clock is from the database's, in milliseconds; null where they are the same clock. Logs an
 * alarm when it is too far.
 */
export async function watchClock({
  database,
  clock,
  log,
}: Pick<Deps, 'database' | 'clock' | 'log'>): Promise<number | null> {
  const before = clock.now();
  const theirs = await database.clock();
  if (theirs === null) return null;
  // Half of the round trip lies before their look at the clock.
  const offset = Math.round((before + clock.now()) / 2 - theirs);
  if (Math.abs(offset) > TOLERANCE) {
    log.error(
      { offsetMs: offset },
      'the clock of this machine is off: set it by NTP, or one-time codes will be refused',
    );
  }
  return offset;
}
