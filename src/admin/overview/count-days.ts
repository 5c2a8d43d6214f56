import type { Deps } from '../../deps.ts';
import { DAY, MINUTE } from '../../kit/clock.ts';
import { pause } from '../../kit/pause.ts';
import { lastDays } from '../../words/days.ts';
import { countTries, type Tries } from './store.ts';

export interface DayCount extends Tries {
  /** The first instant of the day, in UTC. */
  readonly day: number;
}

const DAYS_SHOWN = 30;

/** A day that has ended is counted once: nothing is added to it after the last transactions have committed. */
const SETTLED_AFTER = 10 * MINUTE;

/** Sign-ins and refusals of the last thirty days, oldest first. Days are those of UTC, so that everybody reads the same. */
export function createDayCounts({ database, clock }: Pick<Deps, 'database' | 'clock'>) {
  const settled = new Map<number, Tries>();
  return async (): Promise<DayCount[]> => {
    const now = clock.now();
    const days = lastDays(DAYS_SHOWN, now);
    for (const day of settled.keys()) if (!days.includes(day)) settled.delete(day);
    const counts: DayCount[] = [];
    for (const day of days) {
      const tries = settled.get(day) ?? (await countTries(database.db, day, day + DAY));
      if (!settled.has(day)) await pause(0);
      if (now >= day + DAY + SETTLED_AFTER) settled.set(day, tries);
      counts.push({ day, ...tries });
    }
    return counts;
  };
}
