import type { Account } from '../accounts/account.ts';
import { completeRecovery } from '../accounts/recovery-request.ts';
import { changeSecurity, findProvenPrimary, lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Db, Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import { type Completed, completeSignIn } from '../sessions/complete.ts';
import type { Holder } from '../sessions/require.ts';
import { raise } from '../sessions/step-up.ts';
import { endSessions, lockSession } from '../sessions/store.ts';
import { clearGuesses } from '../throttle/guess-budget.ts';
import type { SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';
import { assertAccepted } from './accepted.ts';
import { holderId } from './draft.ts';
import { type HashedSet, replaceCodes } from './recovery-codes/store.ts';
import { clearSecondStep, insertFactor, type NewFactor } from './store.ts';

/** The request for help behind a temporary pass; null for everybody else. */
function recoveryOf(holder: Holder): string | null {
  return holder.kind === 'enrolment' ? holder.pass.recovery_id : null;
}

/**
 * What is enrolled now comes with recovery codes: it is the first factor, or replaces all that there were after a
 * temporary pass.
 */
export function startsAnew(holder: Holder): boolean {
  return holder.account.two_factor_at === null || recoveryOf(holder) !== null;
}

/** R47: whoever cannot read the mail of this address must not bind a factor to it. @throws {Refusal} address_unproven */
export async function assertAddressProven(db: Db, account: Account): Promise<void> {
  if ((await findProvenPrimary(db, account.id)) === null) throw new Refusal('address_unproven');
}

/**
 * The new factor's place in the account, in the transaction that claimed its draft. The first one switches 2FA on:
 * recovery codes come into force with it (R27), every other session ends, and this one rises; an enrolment pass becomes
 * a session, also where it adds to factors that are not accepted any more. After a temporary pass everything that was
 * enrolled before goes with it (R46). -> cookies to set. `ending`: of a phone's number, for the mail.
 * @throws {Refusal} conflict, method_forbidden, changes_frozen, pending_ended, sign_in_required
 */
export async function switchOn(
  tx: Tx,
  deps: Deps,
  visit: Visit,
  holder: Holder,
  factor: NewFactor,
  { codes, amr, ending }: { codes: HashedSet | null; amr: readonly string[]; ending?: string },
): Promise<readonly SetCookie[]> {
  const account = await lockAccount(tx, holder.account.id);
  if (!account || account.security_version !== holder.account.security_version) throw new Refusal('conflict');
  // Its owner may have ended it elsewhere, while what a thief sent in it waited its turn (R50).
  if (holder.kind === 'session' && !(await lockSession(tx, holder.session.id)))
    throw new Refusal('sign_in_required');
  assertNotFrozen(account, visit.now);
  await assertAccepted(tx, factor.kind);
  const anew = startsAnew({ ...holder, account });
  if (anew !== (codes !== null)) throw new Refusal('conflict');
  const recovery = recoveryOf(holder);
  if (recovery !== null) await clearTheWay(tx, account, recovery, visit.now);
  await insertFactor(tx, factor);
  await changeSecurity(tx, account, anew ? { two_factor_at: visit.now } : {});
  const sessionId = holder.kind === 'session' ? holder.session.id : null;
  const told = { factorId: factor.id, method: factor.kind, label: factor.label, ...(ending && { ending }) };
  if (!codes) {
    await record(tx, visit, { event: 'factor.added', subject: account, method: factor.kind });
    // All that the person had is not accepted any more: this is what the sign-in was waiting for.
    const done = holder.kind === 'session' ? null : await enter(tx, deps, visit, holder, factor, amr);
    const acting = { sessionId: done?.sessionId ?? sessionId };
    await notify(tx, deps, visit, account, { kind: 'factor_added', ...told }, acting);
    return done?.cookies ?? [];
  }
  await replaceCodes(tx, account.id, codes, visit.now);
  await endSessions(tx, deps.outbox, account.id, holderId(holder));
  const event = recovery === null ? 'two_factor.enabled' : 'two_factor.renewed';
  await record(tx, visit, { event, subject: account, method: factor.kind });
  if (holder.kind === 'session') {
    await notify(tx, deps, visit, account, { kind: 'two_factor_on', ...told }, { sessionId });
    // As old as the password (R40).
    const since = holder.session.step_up_at ?? visit.now;
    return [await raise(tx, deps, holder.session, [...amr, 'mfa'], since, { method: factor.kind })];
  }
  const done = await enter(tx, deps, visit, holder, factor, amr);
  await notify(tx, deps, visit, account, { kind: 'two_factor_on', ...told }, { sessionId: done.sessionId });
  return done.cookies;
}

/** The pass becomes a session. */
function enter(
  tx: Tx,
  deps: Deps,
  visit: Visit,
  { account, pass }: Extract<Holder, { kind: 'enrolment' }>,
  { kind: method }: NewFactor,
  amr: readonly string[],
): Promise<Completed> {
  return completeSignIn(tx, deps, visit, account.id, { by: 'enrolment', pass, amr, method });
}

/** Not before the new factor is proven: a pass that nobody uses leaves everything as it was. */
async function clearTheWay(tx: Tx, account: Account, recovery: string, now: number): Promise<void> {
  await clearGuesses(tx, account.id);
  await clearSecondStep(tx, account.id);
  await completeRecovery(tx, recovery, now);
}
