import type { Deps } from '../deps.ts';
import { HOUR } from '../kit/clock.ts';
import { watchClock, watchNearMisses } from './clock-watch.ts';
import { purge } from './purge.ts';

export interface Upkeep {
  start(): void;
  stop(): void;
}

/** What happens once at start and then every hour; `chores` are those of other rooms. A failure is logged and waits for the next hour. */
export function createUpkeep(deps: Deps, chores: readonly (() => Promise<void>)[] = []): Upkeep {
  let timer: NodeJS.Timeout | undefined;

  async function round(): Promise<void> {
    try {
      await watchClock(deps);
      await watchNearMisses(deps);
      await purge(deps);
      for (const chore of chores) await chore();
    } catch (error) {
      deps.log.error({ err: error }, 'the hourly upkeep failed');
    }
  }

  return {
    start() {
      // Not in the way of the first requests.
      setTimeout(() => void round(), 2_000).unref();
      timer = setInterval(() => void round(), HOUR).unref();
    },
    stop: () => clearInterval(timer),
  };
}
