import type { Countable, MeteredRequest, Meters, Watched } from '../kit/meters.ts';
import type { Instruments } from './instruments.ts';

/** The steps of a sign-in among what is recorded. */
const SIGN_IN_STEPS = new Set(['sign_in.password', 'sign_in.factor', 'sign_in.passkey']);

export interface PrometheusMeters extends Meters {
  /** Asks everybody who said that there is something to be seen. */
  look(): void;
}

/** What the house tells, put into the instruments. */
export function prometheusMeters(all: Instruments): PrometheusMeters {
  const watched: [Watched, () => number][] = [];
  const counting: { [Name in keyof Countable]: (labels: Countable[Name], by: number) => void } = {
    events({ event, outcome, method }, by) {
      all.events.inc({ event, outcome }, by);
      if (SIGN_IN_STEPS.has(event))
        all.signIns.inc({ method: signInMethod(event, method), result: outcome }, by);
    },
    refusals: (labels, by) => all.refusals.inc(labels, by),
    sessionsMade: (labels, by) => all.sessionsMade.inc(labels, by),
    sessionsEnded: (labels, by) => all.sessionsEnded.inc(labels, by),
    tokens: (labels, by) => all.tokens.inc(labels, by),
    deliveries: (labels, by) => all.deliveries.inc(labels, by),
    hashesRefused: (_labels, by) => all.hashesRefused.inc(by),
  };
  return {
    count: (name, labels, by = 1) => counting[name](labels, by),
    took(name, ms) {
      if (name === 'hash') all.hashSeconds.observe(ms / 1000);
      else all.databaseSeconds.observe({ operation: name }, ms / 1000);
    },
    watch: (name, read) => void watched.push([name, read]),
    request: () => beginRequest(all),
    look() {
      for (const [name, read] of watched) show(all, name, read());
    },
  };
}

/** A passkey is no security key here, though it is one: it did both steps. */
function signInMethod(event: string, method: string | null): string {
  if (event === 'sign_in.passkey') return 'passkey';
  return method === 'pwd' || method === null ? 'password' : method;
}

const CONNECTIONS = {
  connectionsOpen: 'open',
  connectionsIdle: 'idle',
  connectionsWaiting: 'waiting',
} as const;

function show(all: Instruments, name: Watched, value: number): void {
  if (name in CONNECTIONS)
    all.connections.set({ state: CONNECTIONS[name as keyof typeof CONNECTIONS] }, value);
  else all[name as Exclude<Watched, keyof typeof CONNECTIONS>].set(value);
}

function beginRequest(all: Instruments): MeteredRequest {
  const begun = performance.now();
  return {
    within: (work) => work(),
    end({ method, route, status }) {
      const labels = { method, route: route ?? 'none' };
      all.requests.inc({ ...labels, status: String(status) });
      if (status === 500) all.faults.inc();
      all.requestSeconds.observe(labels, (performance.now() - begun) / 1000);
    },
  };
}
