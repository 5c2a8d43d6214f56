import type { Account } from '../accounts/account.ts';
import { findAccount } from '../accounts/store.ts';
import type { Db, Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { tokenHash } from '../kit/encoding.ts';
import { newId, newToken } from '../kit/random.ts';
import type { Visit } from '../web/visit.ts';

/**
 * The third state: a person who must use a second factor and has none. Neither a session nor a pending sign-in; it
 * opens the enrolment and nothing else (contract, "Under a rule that requires 2FA"). A temporary pass leads here too: for
 * somebody who has lost every factor, and whose new one replaces them all.
 */
export interface EnrolmentPass {
  readonly id: string;
  readonly account_id: string;
  readonly security_version: number;
  /** Null until a proof beyond the password was given: then it shows how to give one, and no secret. */
  readonly proven_at: number | null;
  /** When the password was proven. */
  readonly created_at: number;
  readonly expires_at: number;
  /** The request for help that led to it (R46); null for a first enrolment. */
  readonly recovery_id: string | null;
}

export interface Enrolling {
  readonly pass: EnrolmentPass;
  readonly account: Account;
}

/** What a temporary pass gives: its own end, and the request that it answers. */
export interface Recovering {
  readonly recoveryId: string;
  readonly expiresAt: number;
}

/** -> the token for the enrolment cookie. `proven`: an invitation, set-up link or temporary pass was the way in. */
export async function beginEnrolment(
  tx: Tx,
  { random, config }: Deps,
  visit: Visit,
  account: Account,
  proven: boolean,
  recovering: Recovering | null = null,
): Promise<string> {
  const token = newToken(random);
  await tx
    .insertInto('enrolment_pass')
    .values({
      id: newId(random),
      token_hash: tokenHash(token),
      account_id: account.id,
      security_version: account.security_version,
      proven_at: proven ? visit.now : null,
      network: visit.network,
      browser: visit.browser,
      created_at: visit.now,
      expires_at: recovering?.expiresAt ?? visit.now + config.lifetimes.sessionIdle,
      consumed_at: null,
      recovery_id: recovering?.recoveryId ?? null,
    })
    .execute();
  return token;
}

export async function findEnrolment(db: Db, hash: string, now: number): Promise<Enrolling | null> {
  const pass = await db
    .selectFrom('enrolment_pass')
    .select(['id', 'account_id', 'security_version', 'proven_at', 'created_at', 'expires_at', 'recovery_id'])
    .where('token_hash', '=', hash)
    .where('consumed_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (!pass) return null;
  const account = await findAccount(db, pass.account_id);
  if (!account || account.security_version !== pass.security_version || account.suspended_at !== null)
    return null;
  return { pass, account };
}

/** The pass that this browser holds, proven or not; null: none. */
export async function enrolmentHere(db: Db, { cookies, now }: Visit): Promise<Enrolling | null> {
  const { enrolment } = cookies;
  return enrolment ? findEnrolment(db, tokenHash(enrolment), now) : null;
}

export async function proveEnrolment(tx: Tx, id: string, now: number): Promise<void> {
  await tx.updateTable('enrolment_pass').set({ proven_at: now }).where('id', '=', id).execute();
}

/** One winner: the pass becomes a session once. */
export async function consumeEnrolment(tx: Tx, id: string, now: number): Promise<boolean> {
  const result = await tx
    .updateTable('enrolment_pass')
    .set({ consumed_at: now })
    .where('id', '=', id)
    .where('proven_at', 'is not', null)
    .where('consumed_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function endEnrolment(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('enrolment_pass').where('id', '=', id).execute();
}
