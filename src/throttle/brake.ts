import { sql } from 'kysely';
import type { Tx } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import { SECOND } from '../kit/clock.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Brake } from './brakes.ts';

/** A reservation older than this was lost in a crash; it stays counted, but nobody waits for it. */
const LOST_AFTER = 30_000;

/** What a reservation met. `crowded`: every free try is reserved and undecided; wait a moment and ask again. */
export type Take =
  | { readonly kind: 'taken' }
  | { readonly kind: 'crowded' }
  | { readonly kind: 'wait'; readonly ms: number };

const insert = prepared<{ key: string; now: number }>()((db, { key, now }) =>
  db
    .insertInto('throttle')
    .values({ key, count: 1, open: 1, window_at: now, blocked_until_at: null })
    .onConflict((conflict) => conflict.doNothing()),
);

const take = prepared<{ key: string; now: number; free: number; since: number }>()(
  (db, { key, now, free, since }) =>
    db
      .updateTable('throttle')
      .set((eb) => ({ count: eb('count', '+', 1), open: eb('open', '+', 1), window_at: now }))
      .where('key', '=', key)
      .where('window_at', '>=', since)
      .where((eb) => eb.or([eb('blocked_until_at', 'is', null), eb('blocked_until_at', '<=', now)]))
      .where((eb) => eb.or([eb('count', '<', free), eb('open', '=', 0)])),
);

const restart = prepared<{ key: string; now: number; since: number }>()((db, { key, now, since }) =>
  db
    .updateTable('throttle')
    .set({ count: 1, open: 1, window_at: now, blocked_until_at: null })
    .where('key', '=', key)
    .where('window_at', '<', since),
);

const find = prepared<{ key: string }>()((db, { key }) =>
  db.selectFrom('throttle').selectAll().where('key', '=', key),
);

/** Reserves one try, to be committed before anything is checked (R60). A try during a wait is not counted. */
export async function reserveTry(tx: Tx, key: string, brake: Brake, now: number): Promise<Take> {
  const since = now - brake.forgetAfter;
  if ((await take.count(tx, { key, now, free: brake.free, since })) === 1) return { kind: 'taken' };
  if ((await insert.count(tx, { key, now })) === 1) return { kind: 'taken' };
  if ((await restart.count(tx, { key, now, since })) === 1) return { kind: 'taken' };
  const [row] = await find(tx, { key });
  const ms = (row?.blocked_until_at ?? 0) - now;
  if (ms > 0) return { kind: 'wait', ms };
  if (row && row.open > 0 && now - row.window_at > LOST_AFTER) {
    await tx.updateTable('throttle').set({ open: 0 }).where('key', '=', key).execute();
  }
  return { kind: 'crowded' };
}

/** What somebody is told whose try was not taken; null: nobody decided in time. */
export function tooManyTries(take: Exclude<Take, { kind: 'taken' }> | null): Refusal {
  const ms = take?.kind === 'wait' ? take.ms : SECOND;
  return new Refusal('too_many_attempts', { retryAfter: Math.ceil(ms / SECOND) });
}

/** The try was a wrong one: from the last free one on, each begins a wait that doubles. -> true when it did */
export async function settleWrongTry(tx: Tx, key: string, brake: Brake, now: number): Promise<boolean> {
  await tx
    .updateTable('throttle')
    .set({ open: sql<number>`case when open > 0 then open - 1 else 0 end` })
    .where('key', '=', key)
    .execute();
  const [row] = await find(tx, { key });
  if (!row || row.count < brake.free) return false;
  const until =
    now + Math.min(brake.longestWait, brake.firstWait * 2 ** Math.min(row.count - brake.free, 20));
  await tx.updateTable('throttle').set({ blocked_until_at: until }).where('key', '=', key).execute();
  return true;
}

const succeed = prepared<{ key: string }>()((db, { key }) =>
  db
    .updateTable('throttle')
    .set({
      count: sql<number>`case when open > 0 then open - 1 else 0 end`,
      open: sql<number>`case when open > 0 then open - 1 else 0 end`,
      blocked_until_at: null,
    })
    .where('key', '=', key),
);

/** A right try ends the row of wrong ones; what others have reserved stays counted. */
export async function settleRightTry(tx: Tx, key: string): Promise<void> {
  await succeed.count(tx, { key });
}

const giveBack = prepared<{ key: string }>()((db, { key }) =>
  db
    .updateTable('throttle')
    .set((eb) => ({ count: eb('count', '-', 1), open: eb('open', '-', 1) }))
    .where('key', '=', key)
    .where('open', '>', 0)
    .where('count', '>', 0),
);

/** The try was no wrong one, but does not excuse the wrong ones before it (one network, many accounts). */
export async function giveBackTry(tx: Tx, key: string): Promise<void> {
  await giveBack.count(tx, { key });
}

/** Counts one use of something that is never right or wrong: a mail that was sent. -> milliseconds to wait; 0: go ahead. */
export async function spendTry(tx: Tx, key: string, brake: Brake, now: number): Promise<number> {
  const taken = await reserveTry(tx, key, brake, now);
  if (taken.kind === 'wait') return taken.ms;
  if (taken.kind === 'crowded') return brake.firstWait;
  await settleWrongTry(tx, key, brake, now);
  return 0;
}

/** The same where whoever asks is told to wait. @throws {Refusal} too_many_attempts */
export async function spendOrRefuse(tx: Tx, key: string, brake: Brake, now: number): Promise<void> {
  const ms = await spendTry(tx, key, brake, now);
  if (ms > 0) throw tooManyTries({ kind: 'wait', ms });
}

/** An operator unlocks: every counter of these keys is gone. */
export async function forgetTries(tx: Tx, keyPrefix: string): Promise<void> {
  await tx
    .deleteFrom('throttle')
    .where('key', '>=', keyPrefix)
    .where('key', '<', `${keyPrefix}\u{10ffff}`)
    .execute();
}
