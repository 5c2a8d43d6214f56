import type { Account } from '../accounts/account.ts';
import { readAddress } from '../accounts/address.ts';
import { provePassword } from '../accounts/prove-password.ts';
import { lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { askedAt } from '../factors/ask-page.ts';
import { examineAnswer } from '../factors/examine-answer.ts';
import type { AnswerMethod } from '../factors/factor.ts';
import { Refusal, refuseField } from '../kit/refusal.ts';
import { Replayed } from '../sessions/complete.ts';
import { type NearMiss, nearMissOf, PENDING_TRIES } from '../sessions/pending.ts';
import type { SignedIn } from '../sessions/session.ts';
import {
  beginStepUp,
  consumeStepUp,
  findStepUp,
  noteStepUpNearMiss,
  raise,
  returnStepUpAttempt,
  type StepUp,
  spendStepUpAttempt,
} from '../sessions/step-up.ts';
import { clearGuesses, settleRight } from '../throttle/guess-budget.ts';
import type { SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';

export interface Stepped {
  readonly cookies: readonly SetCookie[];
  readonly next: string;
}

/** First half of a step-up; where the account has no factor, the whole of it. @throws {Refusal} invalid_input on `password` */
export async function confirmPassword(
  deps: Deps,
  visit: Visit,
  { account, session }: SignedIn,
  password: string,
  returnTo: string,
): Promise<Stepped> {
  const key = readAddress(account.email)?.key ?? account.email;
  const proven = await provePassword(deps, visit, account, key, password, 'step_up.password');
  if (!proven) throw refuseField('password', 'password_wrong');
  return proven.within(async (tx) => {
    await assertUnchanged(tx, account, account.security_version);
    await record(tx, visit, { event: 'step_up.password', subject: account, method: 'pwd' });
    if (account.two_factor_at !== null) {
      await beginStepUp(tx, session.id, account, visit.now, returnTo);
      return { cookies: [], next: '/confirm/factor' };
    }
    const cookie = await raise(tx, deps, session, [], visit.now, { anew: true });
    await record(tx, visit, { event: 'step_up.completed', subject: account, method: 'pwd' });
    return { cookies: [cookie], next: returnTo };
  });
}

/**
 * The account is locked, and still the one that the password was right for (R35): whoever changed password, address or
 * factors meanwhile must not find an older proof completed. @throws {Refusal} step_up_required
 */
async function assertUnchanged(tx: Tx, { id }: Pick<Account, 'id'>, securityVersion: number | null) {
  const now = await lockAccount(tx, id);
  if (now?.security_version !== securityVersion) throw new Refusal('step_up_required');
}

/** The password half that waits for its factor. @throws {Refusal} step_up_required when there is none, or it is too old */
export async function currentStepUp(
  { database, config }: Deps,
  visit: Visit,
  { session }: SignedIn,
): Promise<StepUp> {
  const found = await findStepUp(database.db, session.id);
  if (!found || found.password_at <= visit.now - config.lifetimes.pendingMax) throw startAgain(found);
  return found;
}

/** From the password again, and then still to where the step-up was to lead. */
const startAgain = (lost: StepUp | null) =>
  new Refusal('step_up_required', { returnTo: lost?.return_to ?? '/' });

/** @throws {Refusal} step_up_required also when all five tries are gone: there is nothing left to ask */
export async function assertStepUpAsks(deps: Deps, visit: Visit, who: SignedIn): Promise<void> {
  const stepUp = await currentStepUp(deps, visit, who);
  if (stepUp.attempts >= PENDING_TRIES) throw startAgain(stepUp);
}

/** Second half, with the guess budget of every other surface (R38). @throws {Refusal} what `examineAnswer` throws */
export async function confirmFactor(
  deps: Deps,
  visit: Visit,
  { account, session }: SignedIn,
  stepUp: StepUp,
  method: AnswerMethod,
  answer: string,
): Promise<Stepped> {
  const tries = {
    before: stepUp.attempts,
    nearMiss: nearMissOf(stepUp),
    async spend(tx: Tx) {
      if (await spendStepUpAttempt(tx, session.id)) return;
      throw startAgain(stepUp);
    },
    giveBack: (tx: Tx) => returnStepUpAttempt(tx, session.id),
    noteNearMiss: (tx: Tx, miss: NearMiss | null) => noteStepUpNearMiss(tx, session.id, miss),
  };
  const question = {
    account,
    method,
    asked: askedAt({ base: '/confirm/factor', holderId: session.id }),
    answer,
    tries,
    event: 'step_up.completed' as const,
    sessionId: session.id,
  };
  const cookie = await examineAnswer(deps, visit, question, async (tx, accepted) => {
    // The account first and then the budget, as everywhere: the order of locks.
    await assertUnchanged(tx, account, stepUp.security_version);
    if (method.typed) await settleRight(tx, account.id);
    else await clearGuesses(tx, account.id);
    if (!(await consumeStepUp(tx, session.id))) throw new Refusal('step_up_required');
    if (!(await accepted.claim(tx, visit.now))) throw new Replayed();
    await accepted.afterClaim?.(tx, visit, session.id);
    // As old as the older of the two proofs: nothing may rest on a password of twenty minutes ago (R38, R40).
    return raise(tx, deps, session, [...accepted.amr, 'mfa'], stepUp.password_at, {
      phishingResistant: accepted.phishingResistant === true,
      method: method.kind,
      anew: true,
    });
  });
  return { cookies: [cookie], next: stepUp.return_to };
}
