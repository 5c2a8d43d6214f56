import type { Account } from '../accounts/account.ts';
import type { AuditEvent } from '../audit/events.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { whileCrowded } from '../kit/pause.ts';
import { Refusal, type RefusalCode } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { Replayed } from '../sessions/complete.ts';
import {
  giveBackGuess,
  type Reservation,
  reserveGuess,
  settleWrong,
  type Verdict,
} from '../throttle/guess-budget.ts';
import type { Visit } from '../web/visit.ts';
import type { Accepted, AnswerMethod } from './factor.ts';
import { listFactors } from './store.ts';

/** What is being answered: a pending sign-in or a step-up. Both count tries of their own, five each. */
export interface Challenge {
  readonly nearMiss: number | null;
  /** False when no try is left. */
  spend(tx: Tx): Promise<boolean>;
  giveBack(tx: Tx): Promise<void>;
  noteNearMiss(tx: Tx, steps: number | null): Promise<void>;
}

export interface Question {
  readonly account: Account;
  readonly method: AnswerMethod;
  readonly answer: string;
  readonly challenge: Challenge;
  readonly event: AuditEvent;
  /** The session that is stepping up; null at sign-in. */
  readonly sessionId: string | null;
}

/**
 * One answer on any surface: spend and commit, look, then either `succeed` in one transaction or record the failure
 * in another (R11, R60). @throws {Refusal} wrong_code, codes_on_hold, codes_closed, pending_ended, …
 */
export async function examineAnswer<T>(
  deps: Deps,
  visit: Visit,
  question: Question,
  succeed: (tx: Tx, accepted: Accepted) => Promise<T>,
): Promise<T> {
  const { account, method, answer } = question;
  await spend(deps, visit, question);
  const factors = await listFactors(deps.database.db, account.id);
  const verdict = await method.check(deps, account, factors, answer, deps.clock.now());
  if (verdict.kind === 'rejected') {
    if (verdict.replayed) return refuseReplay(deps, visit, question);
    return refuseWrong(deps, visit, question, verdict.nearMiss ?? null);
  }
  try {
    return await deps.database.transaction(async (tx) => {
      const result = await succeed(tx, verdict);
      await record(tx, visit, { event: question.event, subject: account, method: method.kind });
      return result;
    });
  } catch (error) {
    if (error instanceof Replayed) return refuseReplay(deps, visit, question);
    throw error;
  }
}

/** The try is gone before anybody looks at the code; a rollback later can't refund it. */
async function spend(
  { database, clock }: Deps,
  visit: Visit,
  { account, method, challenge }: Question,
): Promise<void> {
  const taken = await whileCrowded<Reservation>(() =>
    database.transaction(async (tx) => {
      const reservation: Reservation = method.typed
        ? await reserveGuess(tx, account.id, visit.now)
        : { kind: 'reserved' };
      // Thrown inside, so that the reservation goes with it.
      if (reservation.kind === 'reserved' && !(await challenge.spend(tx))) throw new Refusal('pending_ended');
      return reservation;
    }),
  );
  if (taken === null) throw new Refusal('too_many_attempts', { retryAfter: 1 });
  if (taken.kind === 'held') {
    throw new Refusal('codes_on_hold', {
      retryAfter: Math.max(1, Math.ceil((taken.until - clock.now()) / 1000)),
    });
  }
  if (taken.kind === 'closed') throw new Refusal('codes_closed', { retryAfter: 24 * 60 * 60 });
}

/** A right code that was used before: refused with the words of a wrong one, but no guess. */
async function refuseReplay({ database }: Deps, visit: Visit, question: Question): Promise<never> {
  await database.transaction(async (tx) => {
    if (question.method.typed) await giveBackGuess(tx, question.account.id);
    await question.challenge.giveBack(tx);
    await record(tx, visit, {
      event: question.event,
      outcome: 'failure',
      subject: question.account,
      method: question.method.kind,
      detail: { reason: 'replayed' },
    });
  });
  throw new Refusal(wrongCode(question.method));
}

async function refuseWrong(
  deps: Deps,
  visit: Visit,
  question: Question,
  miss: number | null,
): Promise<never> {
  const { account, method, challenge } = question;
  await deps.database.transaction(async (tx) => {
    await challenge.noteNearMiss(tx, miss);
    await record(tx, visit, {
      event: question.event,
      outcome: 'failure',
      subject: account,
      method: method.kind,
      detail: miss === null ? { reason: 'wrong' } : { reason: 'wrong', near_miss: miss },
    });
    if (!method.typed) return;
    const { verdict, firstOfBurst } = await settleWrong(tx, account.id, visit.now);
    if (firstOfBurst && question.sessionId === null)
      await notify(tx, deps, visit, account, { kind: 'wrong_code_burst' });
    if (verdict) await tellHold(tx, deps, visit, account, verdict);
  });
  // Two near misses by the same offset are a clock, not a guess (screen 2).
  if (miss !== null && challenge.nearMiss === miss) {
    throw new Refusal(miss < 0 ? 'clock_slow' : 'clock_fast', {
      minutes: Math.max(1, Math.round(Math.abs(miss) / 2)),
    });
  }
  throw new Refusal(wrongCode(method));
}

async function tellHold(tx: Tx, deps: Deps, visit: Visit, account: Account, verdict: Verdict): Promise<void> {
  if (verdict.kind === 'closed') {
    await record(tx, visit, { event: 'codes.closed', subject: account, actor: 'system' });
    await notify(tx, deps, visit, account, { kind: 'codes_closed' });
  } else {
    await record(tx, visit, { event: 'codes.held', subject: account, actor: 'system' });
    await notify(tx, deps, visit, account, { kind: 'codes_held', until: verdict.until });
  }
}

function wrongCode(method: AnswerMethod): RefusalCode {
  return method.kind === 'recovery-code' ? 'wrong_recovery_code' : 'wrong_code';
}
