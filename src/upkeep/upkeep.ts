import { eraseLeavers } from '../accounts/erase.ts';
import { refreshShare } from '../accounts/imported-hashes.ts';
import { removeOldRecords } from '../audit/retain.ts';
import type { Deps } from '../deps.ts';
import { factorUpkeep } from '../factors/all.ts';
import { HOUR } from '../kit/clock.ts';
import { clearAbandonedImports } from './clear-import.ts';
import { watchClock, watchNearMisses } from './clock-watch.ts';
import { purge } from './purge.ts';

export interface Upkeep {
  start(): void;
  stop(): void;
}

/**
 * What happens once at start and then every hour. A failure is logged and waits for the next hour. `others`: what the rooms
 * above have to look after.
 */
export function createUpkeep(deps: Deps, others: readonly (() => Promise<void>)[] = []): Upkeep {
  let timer: NodeJS.Timeout | undefined;

  async function round(): Promise<void> {
    try {
      await watchClock(deps);
      await watchNearMisses(deps);
      await purge(deps);
      await eraseLeavers(deps);
      await factorUpkeep(deps);
      for (const other of others) await other();
      await clearAbandonedImports(deps.database, deps.clock.now());
      await refreshShare(deps);
      await removeOldRecords(deps);
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
