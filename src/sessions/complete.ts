import type { Account } from '../accounts/account.ts';
import { cancelRecovery } from '../accounts/recovery-request.ts';
import { lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { forbiddenKinds, lacksAccepted } from '../factors/accepted.ts';
import { tokenHash } from '../kit/encoding.ts';
import { newId, newToken } from '../kit/random.ts';
import { Refusal } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { demandOf } from '../policy/demand.ts';
import { spendTry } from '../throttle/brake.ts';
import { countedOf, MAIL_OF_SIGN_INS } from '../throttle/brakes.ts';
import { clearGuesses, settleRight } from '../throttle/guess-budget.ts';
import { forget, type SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';
import { endWhatIsHere } from './end-here.ts';
import { beginEnrolment, consumeEnrolment, type EnrolmentPass } from './enrolment-pass.ts';
import { copyKnownBrowser, knownHere, rememberBrowser } from './known-browser.ts';
import { consumePending, type Pending } from './pending.ts';
import type { Acr } from './session.ts';
import { insertSession } from './store.ts';
import { trustBrowser, useTrustedBrowser } from './trusted-browser.ts';

/** A factor's right answer, as far as the making of a session is concerned. */
export interface Answer {
  readonly amr: readonly string[];
  /** True for one that a look-alike page could not have passed on: acr `phr`. */
  readonly phishingResistant?: boolean;
  claim(tx: Tx, now: number): Promise<boolean>;
  /** `sessionId`: the session that was made or raised by it, for the mails that tell of it. */
  afterClaim?(tx: Tx, visit: Visit, sessionId: string | null): Promise<void>;
}

/** What was proven. Nothing else makes a session. */
export type Proven =
  /** The password alone: enough only where the account has no factor and no rule demands one. */
  | { readonly by: 'password'; readonly securityVersion: number }
  /** The password before, and now a factor or recovery code. */
  | {
      readonly by: 'answer';
      readonly pending: Pending;
      readonly answer: Answer;
      readonly method: { readonly kind: string; readonly typed: boolean };
      /** "Don't ask again in this browser" was ticked (R37). */
      readonly trust: boolean;
    }
  /** The password, in a browser that this account's owner trusts: no more than `pwd`, and no step-up (R37). */
  | { readonly by: 'trusted-browser'; readonly securityVersion: number; readonly trustedId: string }
  /** A passkey that verified its person stands for both steps (R19). */
  | {
      readonly by: 'passkey';
      readonly kind: string;
      readonly securityVersion: number;
      readonly answer: Answer;
    }
  /** A first factor was just switched on with a proven enrolment pass, in this same transaction. */
  | {
      readonly by: 'enrolment';
      readonly pass: EnrolmentPass;
      readonly amr: readonly string[];
      readonly method: string;
    };

export interface Completed {
  /** Null where another factor must be set up first: the cookies then hold an enrolment pass. */
  readonly sessionId: string | null;
  readonly cookies: readonly SetCookie[];
}

/** A right answer that another request spent first: refused like a wrong one, but no guess (R10). */
export class Replayed extends Error {
  constructor() {
    super('replayed');
    this.name = 'Replayed';
  }
}

const BROWSER_COOKIE_SECONDS = 400 * 24 * 60 * 60;

/**
 * The one function that makes sessions (R29). In the caller's transaction it claims what was proven, checks that
 * the account is still the one that began (R35), and only then inserts. Somebody of whose factors none that
 * administrators accept answers gets no session but a pass to set up another (decision 15).
 * @throws {Replayed} @throws {Refusal} pending_ended, two_factor_required
 */
export async function completeSignIn(
  tx: Tx,
  deps: Deps,
  visit: Visit,
  accountId: string,
  proven: Proven,
): Promise<Completed> {
  // Locked first, so that nobody can switch 2FA on between this look and the insert.
  const account = await lockAccount(tx, accountId);
  if (!account) throw new Refusal('pending_ended');
  if (account.suspended_at !== null) throw new Refusal('pending_ended');
  await claimProof(tx, deps, visit, account, proven);
  // Whoever has a factor has not lost them all: help that was asked for is not needed, or was never wanted (R46).
  if ('answer' in proven) await cancelRecovery(tx, deps, visit, account, 'sign-in');
  const ended = await endWhatIsHere(tx, deps.outbox, visit, account.id);
  if (proven.by === 'answer' && (await mustSetUpAnother(tx, deps, account, proven)))
    return enrolInstead(tx, deps, visit, account, proven);

  const { amr, acr, method, stepUpAt } = standing(proven, visit.now);
  const token = newToken(deps.random);
  const sessionId = newId(deps.random);
  await insertSession(tx, {
    id: sessionId,
    token_hash: tokenHash(token),
    account_id: account.id,
    amr: amr.join(' '),
    acr,
    method,
    step_up_at: stepUpAt,
    network: visit.network,
    browser: visit.browser,
    created_at: visit.now,
    last_used_at: visit.now,
    expires_at: visit.now + deps.config.lifetimes.sessionMax,
  });
  const browser = await rememberThisBrowser(tx, deps, visit, account);
  // Not while an account is being set up: its owner is looking on.
  if (browser.isNew && proven.by !== 'enrolment' && (await mayTellOfSignIn(tx, account.id, visit.now)))
    await notify(tx, deps, visit, account, { kind: 'new_browser' }, { sessionId });
  if ('answer' in proven) await proven.answer.afterClaim?.(tx, visit, sessionId);
  const trust = proven.by === 'answer' && proven.trust ? [await trustBrowser(tx, deps, visit, account)] : [];
  await record(tx, visit, {
    event: 'sign_in.completed',
    subject: account,
    method: amr.join(' '),
    detail: proven.by === 'trusted-browser' ? { trusted: true } : {},
  });
  return {
    sessionId,
    cookies: [
      ...ended.filter(({ name }) => name !== 'session'),
      { name: 'session', value: token },
      ...forget('pending'),
      { name: 'browser', value: browser.token, maxAge: BROWSER_COOKIE_SECONDS },
      ...trust,
    ],
  };
}

async function mayTellOfSignIn(tx: Tx, id: string, now: number): Promise<boolean> {
  return (await spendTry(tx, countedOf('mail/new-browser', id), MAIL_OF_SIGN_INS, now)) === 0;
}

type Answered = Extract<Proven, { by: 'answer' }>;

/** Asked of an answer alone: a passkey is refused before, a trusted browser is asked, and a pass has just done it. */
async function mustSetUpAnother(
  tx: Tx,
  deps: Deps,
  account: Account,
  { method }: Answered,
): Promise<boolean> {
  const forbidden = await forbiddenKinds(tx);
  return forbidden.has(method.kind) || (await lacksAccepted(deps, tx, account.id));
}

/** Password and factor are proven, which is more than the mailed link that others open first. */
async function enrolInstead(
  tx: Tx,
  deps: Deps,
  visit: Visit,
  account: Account,
  { pending, answer, method }: Answered,
): Promise<Completed> {
  // As old as the older of the two proofs: what comes of the pass is no fresher (R40).
  const token = await beginEnrolment(tx, deps, { ...visit, now: pending.created_at }, account, true);
  await answer.afterClaim?.(tx, visit, null);
  await record(tx, visit, { event: 'sign_in.enrolment_only', subject: account, method: method.kind });
  return {
    sessionId: null,
    cookies: [...forget('session', 'pending'), { name: 'enrolment', value: token }],
  };
}

/** What the session may say of itself: RFC 8176 values, acr, what stood beside the password, and since when. */
function standing(
  proven: Proven,
  now: number,
): { amr: readonly string[]; acr: Acr; method: string | null; stepUpAt: number | null } {
  switch (proven.by) {
    case 'password':
      return { amr: ['pwd'], acr: 'pwd', method: null, stepUpAt: now };
    case 'trusted-browser':
      return { amr: ['pwd'], acr: 'pwd', method: 'trusted-browser', stepUpAt: null };
    case 'answer': {
      const { answer, method, pending } = proven;
      const acr = answer.phishingResistant ? 'phr' : 'mfa';
      // As old as the older of the two proofs (R40).
      return { amr: ['pwd', ...answer.amr, 'mfa'], acr, method: method.kind, stepUpAt: pending.created_at };
    }
    case 'passkey':
      return { amr: [...proven.answer.amr, 'mfa'], acr: 'phr', method: 'passkey', stepUpAt: now };
    case 'enrolment': {
      const { pass, amr, method } = proven;
      // A pass lives for up to an hour: as old as the password, here too (R40).
      return { amr: ['pwd', ...amr, 'mfa'], acr: 'mfa', method, stepUpAt: pass.created_at };
    }
  }
}

async function claimProof(tx: Tx, deps: Deps, visit: Visit, account: Account, proven: Proven): Promise<void> {
  switch (proven.by) {
    case 'password': {
      if (proven.securityVersion !== account.security_version) throw new Refusal('pending_ended');
      if (account.two_factor_at !== null || (await demandOf(tx, account, visit.now)))
        throw new Refusal('two_factor_required');
      return;
    }
    case 'answer': {
      const { pending, answer, method } = proven;
      if (pending.account_id !== account.id) throw new Refusal('pending_ended');
      if (pending.security_version !== account.security_version) throw new Refusal('pending_ended');
      // The budget before the rest, as everywhere: the order of locks. What throws below takes it back.
      if (method.typed) await settleRight(tx, account.id);
      else await clearGuesses(tx, account.id);
      if (!(await consumePending(tx, pending.id, visit.now))) throw new Refusal('pending_ended');
      if (!(await answer.claim(tx, visit.now))) throw new Replayed();
      return;
    }
    case 'trusted-browser': {
      if (proven.securityVersion !== account.security_version) throw new Refusal('pending_ended');
      // Its trust came from a proof that is not accepted any more.
      if (await lacksAccepted(deps, tx, account.id)) throw new Refusal('pending_ended');
      if (!(await useTrustedBrowser(tx, proven.trustedId, account, visit)))
        throw new Refusal('pending_ended');
      return;
    }
    case 'passkey': {
      if (proven.securityVersion !== account.security_version) throw new Refusal('pending_ended');
      if ((await forbiddenKinds(tx)).has(proven.kind)) throw new Refusal('method_forbidden');
      await clearGuesses(tx, account.id);
      if (!(await proven.answer.claim(tx, visit.now))) throw new Replayed();
      return;
    }
    case 'enrolment': {
      if (proven.pass.account_id !== account.id || account.two_factor_at === null)
        throw new Refusal('pending_ended');
      if (!(await consumeEnrolment(tx, proven.pass.id, visit.now))) throw new Refusal('pending_ended');
    }
  }
}

/**
 * Kept only where we gave this token out for this account; a value that a client made up, or that belongs to somebody
 * else, is never adopted (R36). The new token stays known to whom the old one was, so that a shared browser serves both.
 */
async function rememberThisBrowser(
  tx: Tx,
  deps: Deps,
  visit: Visit,
  account: Account,
): Promise<{ token: string; isNew: boolean }> {
  const sent = visit.cookies['browser'] ?? null;
  const kept = sent !== null && (await knownHere(tx, visit, account.id)) !== null;
  const token = kept ? sent : newToken(deps.random);
  const hash = tokenHash(token);
  if (!kept && sent !== null) await copyKnownBrowser(tx, tokenHash(sent), hash);
  const { browser, network, now } = visit;
  await rememberBrowser(tx, { hash, accountId: account.id, browser, network, now });
  return { token, isNew: !kept };
}
