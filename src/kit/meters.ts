import type { RefusalCode } from './refusal.ts';

/** What is counted, with the labels of each: closed lists all, never a person, an address or a secret (R76). */
export interface Countable {
  /** What is written to the records. `method`: `pwd`, a factor's kind, or null. */
  events: { readonly event: string; readonly outcome: 'success' | 'failure'; readonly method: string | null };
  refusals: { readonly code: RefusalCode };
  sessionsMade: { readonly acr: string };
  sessionsEnded: { readonly why: 'ended' | 'expired' };
  tokens: { readonly kind: string };
  deliveries: { readonly channel: string; readonly result: 'sent' | 'retry' | 'failed' };
  /** The queue was full. */
  hashesRefused: Readonly<Record<never, never>>;
}

/** What takes time. `commit`: a transaction, from the asking until it is on the disk; `hash`: with the wait for a core. */
export type Timed = 'commit' | 'read' | 'hash';

/** What only its owner knows, asked for whenever somebody looks. */
export type Watched =
  | 'hashesRunning'
  | 'hashesWaiting'
  | 'commitsWaiting'
  | 'connectionsOpen'
  | 'connectionsIdle'
  | 'connectionsWaiting';

export interface AnsweredRequest {
  readonly method: string;
  /** The route's pattern, such as `/store/:app`, never the address that was asked for; null where there is none. */
  readonly route: string | null;
  readonly status: number;
}

/** A request that is being answered. */
export interface MeteredRequest {
  /** Runs what belongs to the request, so that what it does in the database is known to be part of it. */
  within(work: () => void): void;
  end(answered: AnsweredRequest): void;
}

/** What the house tells whoever watches it; given in, like the clock. */
export interface Meters {
  count<Name extends keyof Countable>(name: Name, labels: Countable[Name], by?: number): void;
  /** Something has just ended that took so many milliseconds. */
  took(name: Timed, ms: number): void;
  watch(name: Watched, read: () => number): void;
  request(): MeteredRequest;
}

/** Nobody watches: nothing is kept. */
export const noMeters: Meters = {
  count() {},
  took() {},
  watch() {},
  request: () => ({ within: (work) => work(), end() {} }),
};

/** Tells each of several; the first one's `within` is the outermost. */
export function allMeters(all: readonly Meters[]): Meters {
  const [only] = all;
  if (only === undefined) return noMeters;
  if (all.length === 1) return only;
  return {
    count(name, labels, by) {
      for (const one of all) one.count(name, labels, by);
    },
    took(name, ms) {
      for (const one of all) one.took(name, ms);
    },
    watch(name, read) {
      for (const one of all) one.watch(name, read);
    },
    request() {
      const requests = all.map((one) => one.request());
      return {
        within: (work) => requests.reduceRight((inner, one) => () => one.within(inner), work)(),
        end(answered) {
          for (const one of requests) one.end(answered);
        },
      };
    },
  };
}
