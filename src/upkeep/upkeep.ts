import { eraseLeavers } from '../accounts/erase.ts';
import { refreshSpread } from '../accounts/hash-spread.ts';
import { removeOldRecords } from '../audit/retain.ts';
import type { Deps } from '../deps.ts';
import { factorUpkeep } from '../factors/all.ts';
import { HOUR, SECOND } from '../kit/clock.ts';
import { clearAbandonedImports } from './clear-import.ts';
import { watchClock, watchNearMisses } from './clock-watch.ts';
import { watchInvariants } from './invariants.ts';
import { purge } from './purge.ts';
import { createReminders } from './reminders.ts';

export interface Upkeep {
  start(): void;
  stop(): void;
}

/** Not in the way of the first requests. */
const FIRST = 2 * SECOND;
/** A rule that is made is told of so soon; while many are to be told, the mail server sets the pace. */
const REMINDERS_EVERY = 30 * SECOND;
const WHILE_MANY = SECOND;

/**
 * What happens once at start and then every hour, and the reminders of rules that are coming. A failure is logged and
 * waits for the next time. `others`: what the rooms above have to look after.
 */
export function createUpkeep(deps: Deps, others: readonly (() => Promise<void>)[] = []): Upkeep {
  const reminders = createReminders(deps);
  let timer: NodeJS.Timeout | undefined;
  let reminding: NodeJS.Timeout | undefined;
  let running = false;

  async function round(): Promise<void> {
    try {
      await watchClock(deps);
      await watchNearMisses(deps);
      await purge(deps);
      await eraseLeavers(deps);
      await factorUpkeep(deps);
      for (const other of others) await other();
      await clearAbandonedImports(deps.database, deps.clock.now());
      await refreshSpread(deps);
      await removeOldRecords(deps);
    } catch (error) {
      deps.log.error({ err: error }, 'the hourly upkeep failed');
    }
  }

  /** By itself, so that a step which fails every hour does not silence the alarm. */
  async function watch(): Promise<void> {
    try {
      await watchInvariants(deps);
    } catch (error) {
      deps.log.error({ err: error }, 'what must always hold could not be looked at');
    }
  }

  async function remind(): Promise<void> {
    let next = REMINDERS_EVERY;
    try {
      if ((await reminders.round()) === 'full') next = WHILE_MANY;
    } catch (error) {
      if (running) deps.log.error({ err: error }, 'reminders of a two-factor rule could not be sent');
    }
    if (running) reminding = setTimeout(() => void remind(), next).unref();
  }

  return {
    start() {
      running = true;
      const hourly = () => void round().then(watch);
      setTimeout(hourly, FIRST).unref();
      timer = setInterval(hourly, HOUR).unref();
      reminding = setTimeout(() => void remind(), FIRST).unref();
    },
    stop() {
      running = false;
      clearInterval(timer);
      clearTimeout(reminding);
    },
  };
}
