import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../database/open.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { CHANNELS, type Claimed, claimDue, forAll, type Places } from './outbox-store.ts';
import { describeFailure, LEASE, patienceFor, TEXT_PATIENCE } from './retry.ts';

export interface Worker {
  /** Something was queued in a transaction that has yet to commit. */
  poke(): void;
  /** Begins what is due, now: somebody waits for it. Also where no worker runs. */
  hasten(): void;
  flush(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

export interface WorkerParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly holder: string;
  /** Tries once and settles the row. */
  deliver(row: Claimed, signal: AbortSignal): Promise<void>;
}

/**
 * Each channel has places of its own, so that a mail server that hangs holds up neither tasks nor text messages. For a
 * text message somebody waits.
 */
const PLACES: Places = { task: 5, mail: 5, sms: 10 };

const POLL_MS = 1_000;
/** After a poke: the commit may need a moment more than we do. */
const LOOKS_AFTER_POKE = 4;
/** Long enough for most commits, and for what is queued by others meanwhile to be found by the same look. */
const FIRST_LOOK_MS = 20;
const NEXT_LOOK_MS = 40;

const PATIENCE_AT_STOP_MS = 4_000;
const FAREWELL_MS = 900;

/** Finds parcels that are due and has them delivered, a few at a time. */
export function createWorker({ database, clock, log, holder, deliver }: WorkerParts): Worker {
  const inFlight = forAll(() => new Map<string, Promise<void>>());
  let turn: Promise<unknown> = Promise.resolve();
  let running = false;
  let looking = false;
  /** Where parcels may wait for a place; elsewhere whatever is queued announces itself. */
  let more = forAll(() => false);
  let away = false;
  let looksLeft = 0;
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Number.POSITIVE_INFINITY;
  let stopping = new AbortController();

  const underWay = () => CHANNELS.flatMap((channel) => [...inFlight[channel].values()]);

  /** Claims what is due, as far as there are places. One at a time, so that the places are counted right. */
  function look(): Promise<{ started: number; nothingLeft: boolean }> {
    const result = turn.then(async () => {
      const idle = underWay().length === 0;
      const started = await fill();
      goOn();
      return { started, nothingLeft: idle && started === 0 };
    });
    turn = result.catch(() => {});
    return result;
  }

  async function fill(): Promise<number> {
    const free = forAll((channel) => PLACES[channel] - inFlight[channel].size);
    more = forAll((channel) => free[channel] === 0);
    if (CHANNELS.every((channel) => free[channel] === 0)) return 0;
    const now = clock.now();
    const claimed = await claimDue(database, { now, free, holder, until: now + LEASE, held: inFlight });
    for (const row of claimed.rows) inFlight[row.channel].set(row.id, attempt(row));
    more = claimed.more;
    return claimed.rows.length;
  }

  /** Others may have ended, or another process may have claimed what was found, while we looked. */
  const isRoom = () => CHANNELS.some((channel) => more[channel] && inFlight[channel].size < PLACES[channel]);

  function goOn(): void {
    if (running && !looking && isRoom()) schedule(0);
  }

  async function attempt(row: Claimed): Promise<void> {
    const places = inFlight[row.channel];
    const patience = row.channel === 'sms' ? TEXT_PATIENCE : patienceFor(row.attempts);
    const signal = AbortSignal.any([AbortSignal.timeout(patience), stopping.signal]);
    try {
      await deliver(row, signal);
    } catch (error) {
      // The outcome could not be written: when the lease ends, the parcel is tried again.
      log.error(
        { parcel: row.id, reason: describeFailure(error) },
        'the outcome of a delivery could not be noted',
      );
    } finally {
      places.delete(row.id);
      goOn();
    }
  }

  /** Never later than was said before: whoever queues without a pause would put it off for ever. */
  function schedule(ms: number): void {
    const at = performance.now() + ms;
    if (at >= timerAt) return;
    clearTimeout(timer);
    timerAt = at;
    timer = setTimeout(tick, ms).unref();
  }

  async function tick(): Promise<void> {
    looking = true;
    timerAt = Number.POSITIVE_INFINITY;
    try {
      await look();
      away = false;
    } catch (error) {
      if (!away) log.warn({ reason: describeFailure(error) }, 'the outbox could not be read');
      away = true;
    }
    looking = false;
    if (!running) return;
    const soon = looksLeft > 0 ? NEXT_LOOK_MS : POLL_MS;
    schedule(!away && isRoom() ? 0 : soon);
    if (looksLeft > 0) looksLeft--;
  }

  return {
    poke() {
      if (!running) return;
      looksLeft = LOOKS_AFTER_POKE;
      if (!looking) schedule(FIRST_LOOK_MS);
    },
    hasten() {
      look().catch((error) => log.warn({ reason: describeFailure(error) }, 'the outbox could not be read'));
    },
    async flush() {
      for (;;) {
        const { nothingLeft } = await look();
        if (nothingLeft) return;
        const deliveries = underWay();
        if (deliveries.length > 0) await Promise.race(deliveries);
      }
    },
    start() {
      if (running) return;
      running = true;
      stopping = new AbortController();
      schedule(0);
    },
    async stop() {
      running = false;
      clearTimeout(timer);
      timerAt = Number.POSITIVE_INFINITY;
      await settledWithin([turn.then(() => Promise.allSettled(underWay()))], PATIENCE_AT_STOP_MS);
      stopping.abort();
      await settledWithin(underWay(), FAREWELL_MS);
    },
  };
}

async function settledWithin(deliveries: Promise<unknown>[], ms: number): Promise<void> {
  if (deliveries.length === 0) return;
  const giveUp = new AbortController();
  const patience = pause(ms, undefined, { signal: giveUp.signal }).catch(() => {});
  await Promise.race([Promise.allSettled(deliveries), patience]);
  giveUp.abort();
}
