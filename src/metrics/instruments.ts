import type { Registry } from 'prom-client';
import { AUDIT_EVENTS } from '../audit/events.ts';
import { answerMethods } from '../factors/all.ts';
import { REFUSAL_CODES } from '../kit/refusal.ts';

type Prom = typeof import('prom-client');

/** Seconds. A commit is one sync of a disk, a read some microseconds on SQLite; a hash takes its time on purpose. */
const DATABASE_BUCKETS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];
const HASH_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** Few, for there is a set of them for every route. */
const REQUEST_BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10];

export const CHANNELS = ['mail', 'sms', 'task'] as const;
const RESULTS = ['sent', 'retry', 'failed'] as const;
const KINDS = ['AuthorizationCode', 'AccessToken', 'RefreshToken', 'ClientCredentials'];

export type Instruments = ReturnType<typeof createInstruments>;

/**
 * Every metric of ours, by name. Labels come from closed lists, so that their number has a limit and nobody's name gets
 * into one (R76); what can be told beforehand begins at 0, or the first of it would be no increase.
 */
export function createInstruments({ Counter, Gauge, Histogram }: Prom, registry: Registry) {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter<L>({ name: `countersign_${name}`, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge<L>({ name: `countersign_${name}`, help, labelNames, registers });
  const histogram = <L extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: readonly L[] = [],
  ) => new Histogram<L>({ name: `countersign_${name}`, help, buckets, labelNames, registers });

  const all = {
    requests: counter('http_requests_total', 'Requests answered, by the pattern of their route', [
      'method',
      'route',
      'status',
    ]),
    requestSeconds: histogram(
      'http_request_duration_seconds',
      'Time until an answer was through',
      REQUEST_BUCKETS,
      ['method', 'route'],
    ),
    faults: counter('faults_total', 'Requests that ended in a fault of ours (500)'),
    refusals: counter('refusals_total', 'Expected refusals, by code', ['code']),
    events: counter('events_total', 'What was written to the records', ['event', 'outcome']),
    signIns: counter('sign_ins_total', 'Passwords, second steps and passkeys that were looked at', [
      'method',
      'result',
    ]),
    sessionsMade: counter('sessions_made_total', 'Sessions made, by what was proven', ['acr']),
    sessionsEnded: counter('sessions_ended_total', 'Sessions ended or expired', ['why']),
    sessions: gauge('sessions', 'Sessions that have not expired'),
    tokens: counter('oidc_tokens_total', 'Codes and tokens given to apps', ['kind']),
    codesHeld: gauge('codes_held', 'Accounts whose typed codes are on hold'),
    codesClosed: gauge('codes_closed', 'Accounts whose typed codes are closed'),
    passwordWaits: gauge('password_waits', 'Waits after wrong passwords'),
    outboxWaiting: gauge('outbox_waiting', 'Parcels that are due or have been tried', ['channel']),
    outboxOldest: gauge('outbox_oldest_seconds', 'Age of the oldest of them', ['channel']),
    deliveries: counter('deliveries_total', 'Tries to deliver, by what became of them', [
      'channel',
      'result',
    ]),
    hashSeconds: histogram('password_hash_duration_seconds', 'A hash, the wait included', HASH_BUCKETS),
    hashesRunning: gauge('password_hashes_running', 'Hashes on a core'),
    hashesWaiting: gauge('password_hashes_waiting', 'Hashes that wait for a core'),
    hashesRefused: counter('password_hashes_refused_total', 'Hashes refused since the queue was full'),
    databaseUp: gauge('database_up', '1 while the database answers'),
    databaseSeconds: histogram('database_duration_seconds', 'Reads and commits', DATABASE_BUCKETS, [
      'operation',
    ]),
    commitsWaiting: gauge('database_commits_waiting', 'Transactions that have yet to begin (SQLite)'),
    connections: gauge('database_connections', 'Of the pool; `waiting`: requests for one (PostgreSQL)', [
      'state',
    ]),
    clockOffset: gauge('clock_offset_seconds', 'This clock ahead of the clock of the database'),
    broken: gauge('invariants_broken', 'What must never be and was, at the last hourly look', ['invariant']),
    unsealed: gauge('audit_unsealed_seconds', 'Age of the oldest record that is not in the chain yet'),
  };
  for (const code of REFUSAL_CODES) all.refusals.inc({ code }, 0);
  for (const event of AUDIT_EVENTS)
    for (const outcome of ['success', 'failure']) all.events.inc({ event, outcome }, 0);
  for (const method of signInMethods())
    for (const result of ['success', 'failure']) all.signIns.inc({ method, result }, 0);
  for (const acr of ['pwd', 'mfa', 'phr']) all.sessionsMade.inc({ acr }, 0);
  for (const why of ['ended', 'expired']) all.sessionsEnded.inc({ why }, 0);
  for (const kind of KINDS) all.tokens.inc({ kind }, 0);
  for (const channel of CHANNELS) for (const result of RESULTS) all.deliveries.inc({ channel, result }, 0);
  return all;
}

function signInMethods(): string[] {
  return ['password', 'passkey', ...answerMethods().map(({ kind }) => kind)];
}
