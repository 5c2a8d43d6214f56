import { eraseLeavers } from '../accounts/erase.ts';
import { refreshSpread } from '../accounts/hash-spread.ts';
import { removeOldRecords } from '../audit/retain.ts';
import type { Deps } from '../deps.ts';
import { factorUpkeep } from '../factors/all.ts';
import { HOUR, SECOND } from '../kit/clock.ts';
import { clearAbandonedImports } from './clear-import.ts';
import { watchClock, watchNearMisses } from './clock-watch.ts';
import { forgetRemoved } from './forget-removed.ts';
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
 * What happens once at start and then every hour, and the reminders of rules that are coming. A step that fails is logged
 * and waits for the next time; none keeps another from being done, nor the alarm silent. `others`: what the rooms above
 * have to look after.
 */
export function createUpkeep(deps: Deps, others: readonly (() => Promise<void>)[] = []): Upkeep {
  const reminders = createReminders(deps);
  const steps: readonly (() => Promise<unknown>)[] = [
    () => watchClock(deps),
    () => watchNearMisses(deps),
    () => purge(deps),
    () => forgetRemoved(deps.database),
    () => eraseLeavers(deps),
    () => factorUpkeep(deps),
    ...others,
    () => clearAbandonedImports(deps.database, deps.clock.now()),
    () => refreshSpread(deps),
    () => removeOldRecords(deps),
    () => watchInvariants(deps),
  ];
  let first: NodeJS.Timeout | undefined;
  let timer: NodeJS.Timeout | undefined;
  let reminding: NodeJS.Timeout | undefined;
  let running = false;
  let busy = false;

  /** Of a large house it may take longer than an hour: then the next one waits for its own hour, and no two go on at once. */
  async function round(): Promise<void> {
    if (busy) return;
    busy = true;
    await takeSteps();
    busy = false;
  }

  async function takeSteps(): Promise<void> {
    for (const step of steps) {
      // The database is closed behind us.
      if (!running) return;
      try {
        await step();
      } catch (error) {
        if (running) deps.log.error({ err: error }, 'a step of the hourly upkeep failed');
      }
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
      const hourly = () => void round();
      first = setTimeout(hourly, FIRST).unref();
      timer = setInterval(hourly, HOUR).unref();
      reminding = setTimeout(() => void remind(), FIRST).unref();
    },
    stop() {
      running = false;
      clearTimeout(first);
      clearInterval(timer);
      clearTimeout(reminding);
    },
  };
}
