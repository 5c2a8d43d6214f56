import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type Snapshot, type Value, withSnapshotOf } from '../database/snapshot.ts';
import { describeFailure } from '../delivery/retry.ts';
import { BackupRefused } from './backup-file.ts';
import { type Checked, OVERLAP } from './check-backup.ts';
import type { Budget, Day, Text, Throttle } from './counts-store.ts';

/** What the database that is being replaced still tells of the time since the backup. */
export interface Replaced {
  /** Pseudonyms of whoever did anything since, or had anything done to them; null: it can't tell. */
  readonly active: ReadonlySet<string> | null;
  /** Its own writes have ended, so that nothing was used that it does not know. */
  readonly isStill: boolean;
  /** Factor -> its counter. */
  readonly counters: ReadonlyMap<string, number>;
  /** Account -> when it was suspended. */
  readonly accounts: ReadonlyMap<string, number | null>;
  readonly budgets: readonly Budget[];
  readonly days: readonly Day[];
  readonly throttles: readonly Throttle[];
  readonly texts: readonly Text[];
}

/** Which backup goes in its place. */
export interface Origin extends Pick<Checked, 'madeAt' | 'lastRecords'> {
  readonly sha256: string;
}

export async function originOf(path: string, { madeAt, lastRecords }: Checked): Promise<Origin> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  return { madeAt, lastRecords, sha256: hash.digest('hex') };
}

/**
 * Reads another database without changing it. It must be the one that the backup was made of. @throws {BackupRefused}
 */
export async function readReplaced(url: string, origin: Origin): Promise<Replaced> {
  let found: Replaced;
  try {
    found = await withSnapshotOf(url, (old) => readSince(old, origin, false));
  } catch (error) {
    throw notReplaced(`cannot be read (${describeFailure(error)})`);
  }
  if (found.active === null) throw notReplaced('has no record of this backup, or not all records since');
  return found;
}

const notReplaced = (why: string) =>
  new BackupRefused(
    'not_replaced',
    `The database after --replaces ${why}. Nothing was changed. Without --replaces, all recovery codes are void.`,
  );

/**
 * Whose record of this very backup it holds, and no restore after it: that is the one that the backup was made of, and whatever
 * was used since is recorded in it (R72). Of any other, only what slows people down is to be had.
 */
export async function readSince(old: Snapshot, origin: Origin, isStill: boolean): Promise<Replaced> {
  const accounts = new Map<string, number | null>();
  for await (const [id, suspended] of each(old, 'account', ['id', 'suspended_at']))
    accounts.set(String(id), suspended === null ? null : Number(suspended));
  const counters = new Map<string, number>();
  for await (const [id, counter] of each(old, 'factor', ['id', 'counter']))
    counters.set(String(id), Number(counter));
  return {
    active: await activeSince(old, origin),
    isStill,
    accounts,
    counters,
    budgets: await all<Budget>(old, 'guess_budget', BUDGET),
    days: await all(old, 'guess_day', ['account_id', 'day', 'wrong']),
    throttles: await all<Throttle>(old, 'throttle', THROTTLE),
    texts: await all<Text>(old, 'text_sent', TEXT),
  };
}

/** Numbers of records are given once: what is not in the backup, or came after the record of it, is from since then. */
async function activeSince(old: Snapshot, origin: Origin): Promise<ReadonlySet<string> | null> {
  const since = origin.madeAt - OVERLAP;
  let madeBy = 0;
  let restoredBy = 0;
  for await (const [seq, event, detail] of each(old, 'audit_event', ['seq', 'event', 'detail'])) {
    if (event === 'backup.made' && JSON.parse(String(detail)).sha256 === origin.sha256) madeBy = Number(seq);
    if (event === 'backup.restored') restoredBy = Math.max(restoredBy, Number(seq));
  }
  if (madeBy === 0 || restoredBy > madeBy) return null;
  for await (const [until] of each(old, 'audit_cut', ['removed_until_at']))
    if (Number(until) >= since) return null;
  const active = new Set<string>();
  for await (const [seq, at, subject, actor] of each(old, 'audit_event', ['seq', 'at', 'subject', 'actor'])) {
    const number = Number(seq);
    if (number < madeBy && (Number(at) < since || origin.lastRecords.has(number))) continue;
    for (const person of [subject, actor]) if (person !== null) active.add(String(person));
  }
  return active;
}

const BUDGET = [
  'account_id',
  'block',
  'run',
  'open',
  'reserved_at',
  'holds',
  'hold_until_at',
  'closed_at',
  'relieved_at',
];
const THROTTLE = ['key', 'count', 'open', 'window_at', 'blocked_until_at'];
/** As they were from the first: what is not said of a text counts against its person. */
const TEXT = ['id', 'account_id', 'number_mac', 'sent_at'];

async function* each(old: Snapshot, table: string, columns: readonly string[]): AsyncGenerator<Value[]> {
  if ((await old.columns(table)).length === 0) return;
  for await (const rows of old.rows(table, columns)) yield* rows;
}

async function all<T>(old: Snapshot, table: string, columns: readonly string[]): Promise<T[]> {
  const found: T[] = [];
  for await (const row of each(old, table, columns))
    found.push(Object.fromEntries(columns.map((name, place) => [name, row[place]])) as T);
  return found;
}
