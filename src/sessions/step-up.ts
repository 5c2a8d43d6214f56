import type { Selectable } from 'kysely';
import type { Account } from '../accounts/account.ts';
import type { Db, Tx } from '../database/open.ts';
import type { StepUpTable } from '../database/tables/sign-in.ts';
import type { Deps } from '../deps.ts';
import { tokenHash } from '../kit/encoding.ts';
import { newToken } from '../kit/random.ts';
import { Refusal } from '../kit/refusal.ts';
import type { SetCookie } from '../web/answer.ts';
import { type NearMiss, PENDING_TRIES } from './pending.ts';
import { higherAcr, type Session } from './session.ts';
import { lockSession, raiseSession } from './store.ts';

/** The password has been proven again in this session; the factor not yet. */
export type StepUp = Selectable<StepUpTable>;

/**
 * Bound to this session, and to the account as it is now (R35, R38). A newer one replaces the older.
 * @throws {Refusal} sign_in_required
 */
export async function beginStepUp(
  tx: Tx,
  sessionId: string,
  { security_version }: Pick<Account, 'security_version'>,
  now: number,
  returnTo: string,
): Promise<void> {
  if (!(await lockSession(tx, sessionId))) throw new Refusal('sign_in_required');
  await tx.deleteFrom('step_up').where('session_id', '=', sessionId).execute();
  const fresh = { password_at: now, near_miss: null, near_miss_step: null, return_to: returnTo };
  await tx
    .insertInto('step_up')
    .values({ session_id: sessionId, security_version, ...fresh })
    .execute();
}

/** However old it is, and though all its tries are gone: whoever asks judges that. */
export async function findStepUp(db: Db, sessionId: string): Promise<StepUp | null> {
  const row = await db
    .selectFrom('step_up')
    .selectAll()
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  return row ?? null;
}

export async function spendStepUpAttempt(tx: Tx, sessionId: string): Promise<boolean> {
  const result = await tx
    .updateTable('step_up')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('session_id', '=', sessionId)
    .where('attempts', '<', PENDING_TRIES)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function returnStepUpAttempt(tx: Tx, sessionId: string): Promise<void> {
  await tx
    .updateTable('step_up')
    .set((eb) => ({ attempts: eb('attempts', '-', 1) }))
    .where('session_id', '=', sessionId)
    .where('attempts', '>', 0)
    .execute();
}

export async function noteStepUpNearMiss(tx: Tx, sessionId: string, miss: NearMiss | null): Promise<void> {
  const change = { near_miss: miss?.offset ?? null, near_miss_step: miss?.step ?? null };
  await tx.updateTable('step_up').set(change).where('session_id', '=', sessionId).execute();
}

/** One winner; the proof of the password is used up with it. */
export async function consumeStepUp(tx: Tx, sessionId: string): Promise<boolean> {
  const result = await tx.deleteFrom('step_up').where('session_id', '=', sessionId).executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/**
 * The session rises: a new token, the old one dead at once (R36, R38). `amr` grows by what was proven, `provenAt` by
 * the oldest of it. `anew`: every step was gone through again, so apps are told a new time (R65), and what was proven
 * then: a key of this morning says nothing about a code of now (R64).
 * -> the cookie to set. @throws {Refusal} sign_in_required
 */
export async function raise(
  tx: Tx,
  { random }: Pick<Deps, 'random'>,
  session: Session,
  proven: readonly string[],
  provenAt: number,
  {
    phishingResistant = false,
    method = null,
    anew = false,
  }: { phishingResistant?: boolean; method?: string | null; anew?: boolean } = {},
): Promise<SetCookie> {
  const token = newToken(random);
  const before = anew ? ['pwd'] : session.amr.split(' ');
  const amr = [...new Set([...before, ...proven])];
  const acr = phishingResistant ? 'phr' : amr.includes('mfa') ? 'mfa' : 'pwd';
  const raised = await raiseSession(tx, session.id, {
    token_hash: tokenHash(token),
    amr: amr.join(' '),
    acr: anew ? acr : higherAcr(session.acr, acr),
    method: session.method ?? method,
    step_up_at: provenAt,
  });
  // It ended while the password was being hashed: signed out in another tab, or by the owner elsewhere.
  if (!raised) throw new Refusal('sign_in_required');
  return { name: 'session', value: token };
}
