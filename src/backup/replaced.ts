import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Load } from '../database/load.ts';
import { type Snapshot, type Value, withSnapshotOf } from '../database/snapshot.ts';
import { describeFailure } from '../delivery/retry.ts';
import { MINUTE } from '../kit/clock.ts';
import { BackupRefused } from './backup-file.ts';
import { type Budget, keepWorseBudget, keepWorseDay } from './store.ts';

/** What the database that is being replaced still tells of the time since the backup. */
export interface Replaced {
  /** Pseudonyms of whoever did anything, or had anything done to them. */
  readonly active: ReadonlySet<string>;
  readonly budgets: readonly Budget[];
  readonly days: readonly { readonly account_id: string; readonly day: number; readonly wrong: number }[];
}

/** A transaction that had begun when the backup was made, and clocks that differ. */
const MARGIN = 10 * MINUTE;

/**
 * Reads the old database without changing it. It must hold the record of this very backup: then it is the one that the backup
 * was made of, and whatever was used since is recorded in it (R72). @throws {BackupRefused}
 */
export async function readReplaced(url: string, path: string, madeAt: number): Promise<Replaced> {
  try {
    return await read(url, await sumOf(path), madeAt);
  } catch (error) {
    if (error instanceof BackupRefused) throw error;
    throw notReplaced(`cannot be read (${describeFailure(error)})`);
  }
}

const notReplaced = (why: string) =>
  new BackupRefused(
    'not_replaced',
    `The database after --replaces ${why}. Nothing was changed. Without --replaces, all recovery codes are void.`,
  );

async function read(url: string, sha256: string, madeAt: number): Promise<Replaced> {
  return withSnapshotOf(url, async (old) => {
    const since = madeAt - MARGIN;
    const active = new Set<string>();
    let isOurs = false;
    for await (const [at, event, subject, actor, detail] of each(old, 'audit_event', EVENT)) {
      if (event === 'backup.made' && JSON.parse(String(detail)).sha256 === sha256) isOurs = true;
      if (Number(at) < since) continue;
      for (const person of [subject, actor]) if (person !== null) active.add(String(person));
    }
    for await (const [until] of each(old, 'audit_cut', ['removed_until_at']))
      if (Number(until) >= since) isOurs = false;
    if (!isOurs) throw notReplaced('has no record of this backup, or not all records since');
    const budgets: Budget[] = [];
    for await (const row of each(old, 'guess_budget', BUDGET))
      budgets.push(Object.fromEntries(BUDGET.map((name, place) => [name, row[place]])) as unknown as Budget);
    const days: { account_id: string; day: number; wrong: number }[] = [];
    for await (const [account_id, day, wrong] of each(old, 'guess_day', ['account_id', 'day', 'wrong']))
      days.push({ account_id: String(account_id), day: Number(day), wrong: Number(wrong) });
    return { active, budgets, days };
  });
}

const EVENT = ['at', 'event', 'subject', 'actor', 'detail'];
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

async function* each(old: Snapshot, table: string, columns: readonly string[]): AsyncGenerator<Value[]> {
  if ((await old.columns(table)).length === 0) return;
  for await (const rows of old.rows(table, columns)) yield* rows;
}

async function sumOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  return hash.digest('hex');
}

const AT_ONCE = 200;

/** Wrong codes since the backup are not forgotten either: of each count the worse one stays (R11). */
export async function carryBudgets(load: Load, { budgets, days }: Replaced): Promise<void> {
  for (let start = 0; start < budgets.length; start += AT_ONCE)
    await load.run(async (tx) => {
      for (const budget of budgets.slice(start, start + AT_ONCE)) await keepWorseBudget(tx, budget);
    });
  for (let start = 0; start < days.length; start += AT_ONCE)
    await load.run(async (tx) => {
      for (const day of days.slice(start, start + AT_ONCE)) await keepWorseDay(tx, day);
    });
}
