import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Tx } from '../database/open.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { type Meters, noMeters } from '../kit/meters.ts';
import type { Random } from '../kit/random.ts';
import type { Seal } from '../kit/seal.ts';
import type { Message, Task } from './message.ts';
import {
  type Claimed,
  findProgress,
  insertParcel,
  type Progress,
  settleParcel,
  withdrawParcel,
} from './outbox-store.ts';
import { parcelIds } from './parcel-id.ts';
import { describeFailure, GIVE_UP_AFTER, pauseAfter } from './retry.ts';
import { type Delivery, type MailSender, type TextSender, Undeliverable } from './sender.ts';
import { createWorker } from './worker.ts';

export type Parcel = Message & {
  /** What it tells of, for the log and the Dashboard: `notice/two_factor_off`; of a task its name. */
  readonly kind: string;
} & (
    | { readonly channel: 'mail' | 'sms'; readonly accountId: string | null }
    // About nobody: the row is the same for every address (R55).
    | { readonly channel: 'task'; readonly accountId: null }
  );

/** Mails, text messages and deferred tasks, delivered at least once after the transaction that queued them (R74). */
export interface Outbox {
  /** Inside the transaction of the change it tells of: no row, no change. `dueAt` in epoch milliseconds. -> its id */
  enqueue(tx: Tx, parcel: Parcel, dueAt?: number): Promise<string>;
  /**
   * What became of a parcel whose transaction has committed, after at most `waitMs` milliseconds and without holding
   * anybody else up: for a page that says whether the gateway took the message (A30).
   */
  outcome(id: string, waitMs: number): Promise<Outcome>;
  /** Not sent any more, unless it is being sent this moment: a newer code has made this one worthless (R14). */
  withdraw(tx: Tx, id: string): Promise<void>;
  /** Delivers what is due now, and what that queues in turn; the mailbox page and tests wait for it. */
  flush(): Promise<void>;
  start(): void;
  /** Waits at most 5 seconds for deliveries in flight; what isn't through by then is tried again after the next start. */
  stop(): Promise<void>;
}

/**
 * `failed`: for good. `waiting`: a try failed and there will be another, or the time was up before the first one ended; it
 * may still arrive.
 */
export type Outcome = 'sent' | 'failed' | 'waiting';

/** Work behind a `task` parcel. Runs at least once, so it must bear running twice. */
export type TaskHandler = (data: Task['data']) => Promise<void>;

export interface OutboxParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly seal: Seal;
  readonly log: Log;
  readonly mail: MailSender;
  readonly sms?: TextSender | null;
  /** By `Task.name`; may be filled after the outbox was made, since tasks need it too. */
  readonly tasks: ReadonlyMap<string, TaskHandler>;
  /** Names this process in its leases; unique among all that share the database. */
  readonly holder: string;
  readonly meters?: Meters;
}

/** What stands sealed in a row: a reset link must not be readable in a dump (A27). */
interface Contents {
  readonly message: Message['message'];
  /** When the first try was due: patience is counted from there. */
  readonly firstDueAt: number;
}

/** How often a page that waits looks again. */
const FIRST_ASK_MS = 10;
const LONGEST_ASK_MS = 160;

export function createOutbox(parts: OutboxParts): Outbox {
  const { database, clock, seal, log, meters = noMeters } = parts;
  const nextId = parcelIds(parts);
  const worker = createWorker({ ...parts, deliver });

  async function enqueue(
    tx: Tx,
    { channel, kind, accountId, message }: Parcel,
    dueAt?: number,
  ): Promise<string> {
    const now = clock.now();
    const id = nextId();
    const contents: Contents = { message, firstDueAt: dueAt ?? now };
    await insertParcel(tx, {
      id,
      channel,
      kind,
      account_id: accountId,
      sealed: seal.seal('outbox', id, JSON.stringify(contents)),
      created_at: now,
      due_at: dueAt ?? now,
    });
    worker.poke();
    return id;
  }

  async function outcome(id: string, waitMs: number): Promise<Outcome> {
    const giveUp = AbortSignal.timeout(waitMs);
    // Not at the next look: somebody waits. Commands and tests have no worker that looks by itself.
    worker.hasten();
    for (let wait = FIRST_ASK_MS; ; wait = Math.min(2 * wait, LONGEST_ASK_MS)) {
      const progress = await findProgress(database.db, id);
      const known = progress === null ? 'failed' : outcomeOf(progress);
      if (known !== null) return known;
      if (giveUp.aborted) return 'waiting';
      await pause(Math.min(wait, waitMs), undefined, { signal: giveUp }).catch(() => {});
    }
  }

  /** One try, outside any transaction, and a note of what became of it. Never throws but for the database. */
  async function deliver(row: Claimed, signal: AbortSignal): Promise<void> {
    let firstDueAt = row.created_at;
    let expiresAt = Number.POSITIVE_INFINITY;
    try {
      const contents = JSON.parse(seal.open('outbox', row.id, row.sealed)) as Contents;
      firstDueAt = contents.firstDueAt;
      expiresAt = expiryOf(contents.message);
      if (clock.now() >= expiresAt) throw new Undeliverable('its code has expired');
      const carried = { channel: row.channel, message: contents.message } as Message;
      await orAborted(send(carried, { id: row.id, signal }), signal);
    } catch (error) {
      await noteFailure(row, firstDueAt, expiresAt, error);
      return;
    }
    const ours = await settleParcel(database, row, { sent_at: clock.now() });
    meters.count('deliveries', { channel: row.channel, result: 'sent' });
    if (!ours) log.warn({ parcel: row.id, kind: row.kind }, 'delivered after the lease had ended');
  }

  function send({ channel, message }: Message, delivery: Delivery): Promise<void> {
    if (channel === 'mail') return parts.mail.send(message, delivery);
    if (channel === 'sms') {
      if (!parts.sms) throw new Error('no text gateway is configured');
      return parts.sms.send(message, delivery);
    }
    const handler = parts.tasks.get(message.name);
    if (!handler) throw new Error(`there is no task of this name: ${message.name}`);
    return handler(message.data);
  }

  async function noteFailure(
    row: Claimed,
    firstDueAt: number,
    expiresAt: number,
    error: unknown,
  ): Promise<void> {
    const now = clock.now();
    const age = now - firstDueAt;
    const dueAt = now + pauseAfter(row.attempts, age);
    const reason = describeFailure(error);
    const facts = { parcel: row.id, channel: row.channel, kind: row.kind, attempt: row.attempts, reason };
    if (error instanceof Undeliverable || age > GIVE_UP_AFTER || dueAt >= expiresAt) {
      log.error(facts, 'delivery failed for good');
      await settleParcel(database, row, { failed_at: now, last_error: reason });
      meters.count('deliveries', { channel: row.channel, result: 'failed' });
      return;
    }
    log.warn(facts, 'delivery failed, to be tried again');
    await settleParcel(database, row, { due_at: dueAt, last_error: reason });
    meters.count('deliveries', { channel: row.channel, result: 'retry' });
  }

  return {
    enqueue,
    outcome,
    withdraw: (tx, id) => withdrawParcel(tx, id, clock.now()),
    flush: worker.flush,
    start: worker.start,
    stop: worker.stop,
  };
}

/** Null while the first try is still to come or under way. */
function outcomeOf({ sent_at, failed_at, last_error }: Progress): Outcome | null {
  if (sent_at !== null) return 'sent';
  if (failed_at !== null) return 'failed';
  return last_error === null ? null : 'waiting';
}

/** A mail is good for as long as it takes; a code is not. */
function expiryOf(message: Message['message']): number {
  return 'expiresAt' in message ? message.expiresAt : Number.POSITIVE_INFINITY;
}

/** A sender that doesn't listen to its signal must not hold its place for ever. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let giveUp: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(new Error('it took too long'));
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (giveUp) signal.removeEventListener('abort', giveUp);
  }
}
