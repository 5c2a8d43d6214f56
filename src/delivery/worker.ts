import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../database/open.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { type Channel, type Claimed, claimDue } from './outbox-store.ts';
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
const PLACES: Readonly<Record<Channel, number>> = { task: 5, mail: 5, sms: 10 };
const CHANNELS = Object.keys(PLACES) as Channel[];

const POLL_MS = 1_000;
/** After a poke: the commit may need a moment more than we do. */
const LOOKS_AFTER_POKE = 4;
const FIRST_LOOK_MS = 4;
const NEXT_LOOK_MS = 40;

const PATIENCE_AT_STOP_MS = 4_000;
const FAREWELL_MS = 900;

/** Finds parcels that are due and has them delivered, a few at a time. */
export function createWorker({ database, clock, log, holder, deliver }: WorkerParts): Worker {
  const inFlight: Record<Channel, Map<string, Promise<void>>> = {
    task: new Map(),
    mail: new Map(),
    sms: new Map(),
  };
  let turn: Promise<unknown> = Promise.resolve();
  let running = false;
  let looking = false;
  let away = false;
  let looksLeft = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopping = new AbortController();

  const underWay = () => CHANNELS.flatMap((channel) => [...inFlight[channel].values()]);

  /** Claims what is due, as far as there are places. One at a time, so that the places are counted right. */
  function look(): Promise<{ started: number; nothingLeft: boolean }> {
    const result = turn.then(async () => {
      const idle = underWay().length === 0;
      let started = 0;
      for (const channel of CHANNELS) started += await fill(channel);
      return { started, nothingLeft: idle && started === 0 };
    });
    turn = result.catch(() => {});
    return result;
  }

  async function fill(channel: Channel): Promise<number> {
    const places = inFlight[channel];
    const limit = PLACES[channel] - places.size;
    if (limit <= 0) return 0;
    const now = clock.now();
    // Ours may look forsaken where the clock jumped.
    const except = new Set(places.keys());
    const rows = await claimDue(database, { channel, now, limit, holder, until: now + LEASE, except });
    for (const row of rows) places.set(row.id, attempt(row, places));
    return rows.length;
  }

  async function attempt(row: Claimed, places: Map<string, unknown>): Promise<void> {
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
      if (running && !looking) schedule(0);
    }
  }

  function schedule(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(tick, ms).unref();
  }

  async function tick(): Promise<void> {
    looking = true;
    let started = 0;
    try {
      started = (await look()).started;
      away = false;
    } catch (error) {
      if (!away) log.warn({ reason: describeFailure(error) }, 'the outbox could not be read');
      away = true;
    }
    looking = false;
    if (!running) return;
    const soon = looksLeft > 0 ? NEXT_LOOK_MS : POLL_MS;
    schedule(started > 0 ? 0 : soon);
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
