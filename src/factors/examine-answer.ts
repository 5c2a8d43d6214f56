import type { Account } from '../accounts/account.ts';
import type { AuditEvent } from '../audit/events.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { CLOCK_TOLERANCE, MINUTE, SECOND } from '../kit/clock.ts';
import { whileCrowded } from '../kit/pause.ts';
import { Refusal, type RefusalCode } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { Replayed } from '../sessions/complete.ts';
import { type NearMiss, PENDING_TRIES } from '../sessions/pending.ts';
import {
  giveBackGuess,
  type Reservation,
  reserveGuess,
  settleWrong,
  type Verdict,
} from '../throttle/guess-budget.ts';
import type { Visit } from '../web/visit.ts';
import { isSpare } from './all.ts';
import { assertAsked } from './choose-method.ts';
import type { Accepted, AnswerMethod, Asked, Rejected } from './factor.ts';
import { holdRefusal } from './held.ts';
import { listFactors } from './store.ts';
import { canUseKey } from './working.ts';

/** In which near misses are told (`Rejected`); no factor is named here. */
const STEP_MS = 30 * SECOND;

/** Those of what is being answered, a pending sign-in or a step-up: five each, whatever the account has left. */
export interface Tries {
  /** How many were gone before this one. */
  readonly before: number;
  /** What the one before came close to. */
  readonly nearMiss: NearMiss | null;
  /** @throws {Refusal} pending_ended, step_up_required: no try is left */
  spend(tx: Tx): Promise<void>;
  giveBack(tx: Tx): Promise<void>;
  noteNearMiss(tx: Tx, miss: NearMiss | null): Promise<void>;
}

export interface Question {
  readonly account: Account;
  readonly method: AnswerMethod;
  /** Whose question is answered, and where. */
  readonly asked: Omit<Asked, 'account' | 'factors'>;
  readonly answer: string;
  readonly tries: Tries;
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
  if (method.timed && Math.abs(deps.clockOffset.ms) > CLOCK_TOLERANCE)
    throw new Refusal('clock_skewed', {
      retryAfter: 60,
      keys: await canUseKey(deps, deps.database.db, account),
    });
  await assertAsked(deps, account, method);
  await spend(deps, visit, question);
  const factors = await listFactors(deps.database.db, account.id);
  const verdict = await method.check(deps, { ...question.asked, account, factors }, visit, answer);
  if (verdict.kind === 'replayed') return refuseReplay(deps, visit, question);
  if (verdict.kind === 'rejected') return refuseWrong(deps, visit, question, verdict);
  try {
    return await deps.database.transaction(async (tx) => {
      const result = await succeed(tx, verdict);
      const { detail = {} } = verdict;
      await record(tx, visit, { event: question.event, subject: account, method: method.kind, detail });
      return result;
    });
  } catch (error) {
    if (!(error instanceof Replayed)) throw error;
    if (!verdict.lost) return refuseReplay(deps, visit, question);
    return refuseWrong(deps, visit, question, { kind: 'rejected', settle: verdict.lost });
  }
}

/** The try is gone before anybody looks at the code; a rollback later can't refund it. */
async function spend(deps: Deps, visit: Visit, { account, method, tries }: Question): Promise<void> {
  const taken = await whileCrowded<Reservation>(() =>
    deps.database.transaction(async (tx) => {
      const reservation: Reservation = method.typed
        ? await reserveGuess(tx, account.id, visit.now)
        : { kind: 'reserved' };
      // Thrown inside, so that the reservation goes with it.
      if (reservation.kind === 'reserved') await tries.spend(tx);
      // Told in the transaction that begins it; refused after that, or the refusal would undo it.
      if ('begins' in reservation && reservation.begins)
        await tellHold(tx, deps, visit, account, reservation);
      return reservation;
    }),
  );
  if (taken === null) throw new Refusal('too_many_attempts', { retryAfter: 1 });
  if (taken.kind !== 'held' && taken.kind !== 'closed') return;
  throw await holdRefusal(deps, account, taken);
}

/** A right code that was used before: refused with the words of a wrong one, but no guess. */
async function refuseReplay({ database }: Deps, visit: Visit, question: Question): Promise<never> {
  await database.transaction(async (tx) => {
    if (question.method.typed) await giveBackGuess(tx, question.account.id);
    await question.tries.giveBack(tx);
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

/** Locks in the order of every other path: the account's budget before these tries, or parallel answers would deadlock. */
async function refuseWrong(deps: Deps, visit: Visit, question: Question, rejected: Rejected): Promise<never> {
  const { account, method, tries } = question;
  const offset = rejected.nearMiss;
  const miss = offset === undefined ? null : { offset, step: Math.floor(visit.now / STEP_MS) };
  await deps.database.transaction(async (tx) => {
    const settled = method.typed ? await settleWrong(tx, account.id, visit.now) : null;
    if (miss !== null || tries.nearMiss !== null) await tries.noteNearMiss(tx, miss);
    await record(tx, visit, {
      event: question.event,
      outcome: 'failure',
      subject: account,
      method: method.kind,
      detail: miss === null ? { reason: 'wrong' } : { reason: 'wrong', near_miss: miss.offset },
    });
    await rejected.settle?.(tx, visit);
    if (settled?.firstOfBurst && question.sessionId === null) {
      await notify(tx, deps, visit, account, { kind: 'wrong_code_burst' });
    }
    if (settled?.verdict) await tellHold(tx, deps, visit, account, settled.verdict);
  });
  const last = tries.before + 1 >= PENDING_TRIES ? { lastTry: true } : {};
  if (miss !== null && isClock(tries.nearMiss, miss)) {
    const minutes = Math.max(1, Math.round((Math.abs(miss.offset) * STEP_MS) / MINUTE));
    throw new Refusal(miss.offset < 0 ? 'clock_slow' : 'clock_fast', { minutes, ...last });
  }
  throw new Refusal(wrongCode(method), last);
}

/**
 * Two near misses by the same offset are a clock, not a guess (screen 2). For a fast clock they must come from two
 * different steps: the same code typed twice would otherwise tell a guesser which code will be right in a few minutes.
 */
function isClock(before: NearMiss | null, now: NearMiss): boolean {
  return before !== null && before.offset === now.offset && (now.offset < 0 || before.step !== now.step);
}

async function tellHold(tx: Tx, deps: Deps, visit: Visit, account: Account, verdict: Verdict): Promise<void> {
  const keys = await canUseKey(deps, tx, account);
  if (verdict.kind === 'closed') {
    await record(tx, visit, { event: 'codes.closed', subject: account, actor: 'system' });
    await notify(tx, deps, visit, account, { kind: 'codes_closed', keys });
  } else {
    await record(tx, visit, { event: 'codes.held', subject: account, actor: 'system' });
    await notify(tx, deps, visit, account, { kind: 'codes_held', until: verdict.until, keys });
  }
}

function wrongCode(method: AnswerMethod): RefusalCode {
  if (method.field === 'credential') return 'key_refused';
  return isSpare(method) ? 'wrong_recovery_code' : 'wrong_code';
}
