import type { Account } from '../accounts/account.ts';
import type { Db, Tx } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import type { PendingSignInTable } from '../database/tables/sign-in.ts';
import type { Deps } from '../deps.ts';
import { tokenHash } from '../kit/encoding.ts';
import { newId, newToken } from '../kit/random.ts';
import type { Visit } from '../web/visit.ts';

/** R33: what follows the fifth wrong answer starts from the password again. */
export const PENDING_TRIES = 5;

/** A code that would have been right `offset` steps from now, and the step in which it was typed. */
export interface NearMiss {
  readonly offset: number;
  readonly step: number;
}

/** What a pending sign-in or a step-up remembers of its last near miss. */
export function nearMissOf(row: {
  near_miss: number | null;
  near_miss_step: number | null;
}): NearMiss | null {
  if (row.near_miss === null || row.near_miss_step === null) return null;
  return { offset: row.near_miss, step: row.near_miss_step };
}

/** The password passed, the factor has not: its own type, table and cookie, never a session with a flag (R30). */
export interface Pending {
  readonly id: string;
  readonly account_id: string;
  readonly security_version: number;
  readonly return_to: string;
  readonly attempts: number;
  readonly near_miss: number | null;
  readonly near_miss_step: number | null;
  readonly created_at: number;
  readonly expires_at: number;
}

const insert = prepared<
  Omit<PendingSignInTable, 'attempts' | 'near_miss' | 'near_miss_step' | 'consumed_at'>
>()((db, row) =>
  db.insertInto('pending_sign_in').values({
    id: row.id,
    token_hash: row.token_hash,
    account_id: row.account_id,
    security_version: row.security_version,
    return_to: row.return_to,
    network: row.network,
    browser: row.browser,
    created_at: row.created_at,
    expires_at: row.expires_at,
  }),
);

/** -> the token for the pending cookie; only its hash is stored (R32). */
export async function beginPending(
  tx: Tx,
  { random, config }: Deps,
  visit: Visit,
  account: Account,
  returnTo: string,
): Promise<string> {
  const token = newToken(random);
  await insert.count(tx, {
    id: newId(random),
    token_hash: tokenHash(token),
    account_id: account.id,
    security_version: account.security_version,
    return_to: returnTo,
    network: visit.network,
    browser: visit.browser,
    created_at: visit.now,
    expires_at: visit.now + config.lifetimes.pendingMax,
  });
  return token;
}

const find = prepared<{ hash: string; now: number }>()((db, { hash, now }) =>
  db
    .selectFrom('pending_sign_in')
    .select([
      'id',
      'account_id',
      'security_version',
      'return_to',
      'attempts',
      'near_miss',
      'near_miss_step',
      'created_at',
      'expires_at',
    ])
    .where('token_hash', '=', hash)
    .where('consumed_at', 'is', null)
    .where('expires_at', '>', now),
);

/** Null when expired, consumed or unknown; one without tries is found, since a running hold is still told. */
export async function findPending(db: Db, hash: string, now: number): Promise<Pending | null> {
  return (await find(db, { hash, now }))[0] ?? null;
}

/** What a sign-in was for that has ended, as long as it is remembered; null for one that was cancelled or never began. */
export async function returnToOfEnded(db: Db, hash: string): Promise<string | null> {
  const row = await db
    .selectFrom('pending_sign_in')
    .select('return_to')
    .where('token_hash', '=', hash)
    .executeTakeFirst();
  return row?.return_to ?? null;
}

const attempt = prepared<{ id: string; now: number }>()((db, { id, now }) =>
  db
    .updateTable('pending_sign_in')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('id', '=', id)
    .where('attempts', '<', PENDING_TRIES)
    .where('consumed_at', 'is', null)
    .where('expires_at', '>', now),
);

/** Takes one of the five tries, committed before the answer is looked at. False when none is left. */
export async function spendAttempt(tx: Tx, id: string, now: number): Promise<boolean> {
  return (await attempt.count(tx, { id, now })) === 1;
}

/** A right code that was used before is no guess: its try comes back. */
export async function returnAttempt(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('pending_sign_in')
    .set((eb) => ({ attempts: eb('attempts', '-', 1) }))
    .where('id', '=', id)
    .where('attempts', '>', 0)
    .execute();
}

const consume = prepared<{ id: string; now: number }>()((db, { id, now }) =>
  db
    .updateTable('pending_sign_in')
    .set({ consumed_at: now })
    .where('id', '=', id)
    .where('consumed_at', 'is', null)
    .where('expires_at', '>', now),
);

/** One winner (R33): false when another answer was faster, or the ten minutes are over. */
export async function consumePending(tx: Tx, id: string, now: number): Promise<boolean> {
  return (await consume.count(tx, { id, now })) === 1;
}

export async function noteNearMiss(tx: Tx, id: string, miss: NearMiss | null): Promise<void> {
  const change = { near_miss: miss?.offset ?? null, near_miss_step: miss?.step ?? null };
  await tx.updateTable('pending_sign_in').set(change).where('id', '=', id).execute();
}

/** Cancelled: the cookie's sign-in is over. */
export async function cancelPending(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('pending_sign_in').where('id', '=', id).execute();
}
