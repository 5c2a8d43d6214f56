import type { Deps } from '../deps.ts';
import { SECOND } from '../kit/clock.ts';
import type { Meters } from '../kit/meters.ts';
import type { Shown } from '../web/private-server.ts';
import { CHANNELS, createInstruments, type Instruments } from './instruments.ts';
import { prometheusMeters } from './prometheus-meters.ts';
import { readStanding, type Standing } from './store.ts';

export interface Metrics {
  readonly meters: Meters;
  /** The page for Prometheus, once the house stands. */
  show(deps: Pick<Deps, 'database' | 'clock' | 'clockOffset' | 'broken'>): Shown;
}

/** Below Prometheus's own patience of ten seconds: a database that is away is told of, and not waited for. */
const PATIENCE = 4 * SECOND;

/** Loads what counts; a start without METRICS_PORT never comes here. */
export async function openMetrics(): Promise<Metrics> {
  const { default: prom } = await import('prom-client');
  const registry = new prom.Registry();
  prom.collectDefaultMetrics({ register: registry });
  const all = createInstruments(prom, registry);
  const meters = prometheusMeters(all);
  return {
    meters,
    show({ database, clock, clockOffset, broken }) {
      let looking: Promise<void> | null = null;

      async function look(): Promise<void> {
        const now = clock.now();
        const standing = await within(PATIENCE, readStanding(database.db, now));
        showStanding(all, standing, now);
        all.clockOffset.set(clockOffset.ms / SECOND);
        for (const [invariant, count] of broken) all.broken.set({ invariant }, count);
        meters.look();
      }

      return {
        type: registry.contentType,
        async text() {
          // Whoever asks meanwhile gets the same: asking often costs no more.
          looking ??= look().finally(() => {
            looking = null;
          });
          await looking;
          return registry.metrics();
        },
      };
    },
  };
}

/** -> null where it fails or takes too long. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([work, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** What is not known is left out: a number from before would look like a true one. */
function showStanding(all: Instruments, standing: Standing | null, now: number): void {
  const { sessions, codesHeld, codesClosed, passwordWaits, unsealed, outboxWaiting, outboxOldest } = all;
  all.databaseUp.set(standing === null ? 0 : 1);
  if (standing === null) {
    for (const gauge of [sessions, codesHeld, codesClosed, passwordWaits, unsealed]) gauge.remove();
    outboxWaiting.reset();
    outboxOldest.reset();
    return;
  }
  const ageOf = (at: number | null) => (at === null ? 0 : Math.max(0, now - at) / SECOND);
  sessions.set(standing.sessions);
  codesHeld.set(standing.codesHeld);
  codesClosed.set(standing.codesClosed);
  passwordWaits.set(standing.passwordWaits);
  unsealed.set(ageOf(standing.unsealedSince));
  for (const channel of CHANNELS) {
    const found = standing.outbox.find((one) => one.channel === channel);
    outboxWaiting.set({ channel }, found?.waiting ?? 0);
    outboxOldest.set({ channel }, ageOf(found?.since ?? null));
  }
}
