import type { Account } from '../accounts/account.ts';
import { lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { tokenHash } from '../kit/encoding.ts';
import { newId, newToken } from '../kit/random.ts';
import { Refusal } from '../kit/refusal.ts';
import { demandsTwoFactor } from '../policy/rules.ts';
import { clearGuesses, settleRight } from '../throttle/guess-budget.ts';
import type { SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';
import { endWhatIsHere } from './end-here.ts';
import { consumeEnrolment, type EnrolmentPass } from './enrolment-pass.ts';
import { consumePending, type Pending } from './pending.ts';
import { copyKnownBrowser, insertSession, isKnownBrowser, rememberBrowser } from './store.ts';

/** A factor's right answer, as far as the making of a session is concerned. */
export interface Answer {
  readonly amr: readonly string[];
  claim(tx: Tx, now: number): Promise<boolean>;
  /** `sessionId`: the session that was made or raised by it, for the mails that tell of it. */
  afterClaim?(tx: Tx, visit: Visit, sessionId: string): Promise<void>;
}

/** What was proven. Nothing else makes a session. */
export type Proven =
  /** The password alone: enough only where the account has no factor and no rule demands one. */
  | { readonly by: 'password'; readonly securityVersion: number }
  /** The password before, and now a factor or recovery code. */
  | { readonly by: 'answer'; readonly pending: Pending; readonly answer: Answer; readonly typed: boolean }
  /** A first factor was just switched on with a proven enrolment pass, in this same transaction. */
  | { readonly by: 'enrolment'; readonly pass: EnrolmentPass; readonly amr: readonly string[] };

export interface Completed {
  readonly sessionId: string;
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
 * the account is still the one that began (R35), and only then inserts.
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
  await claimProof(tx, visit, account, proven);
  await endWhatIsHere(tx, visit);

  const amr = proven.by === 'password' ? ['pwd'] : ['pwd', ...amrOf(proven), 'mfa'];
  const token = newToken(deps.random);
  const sessionId = newId(deps.random);
  await insertSession(tx, {
    id: sessionId,
    token_hash: tokenHash(token),
    account_id: account.id,
    amr: amr.join(' '),
    acr: proven.by === 'password' ? 'pwd' : 'mfa',
    // As old as the older of the two proofs (R40).
    step_up_at: proven.by === 'answer' ? proven.pending.created_at : visit.now,
    network: visit.network,
    browser: visit.browser,
    created_at: visit.now,
    last_used_at: visit.now,
    expires_at: visit.now + deps.config.lifetimes.sessionMax,
  });
  if (proven.by === 'answer') await proven.answer.afterClaim?.(tx, visit, sessionId);
  const browserToken = visit.cookies['browser'] ?? null;
  const browser = await rememberThisBrowser(tx, deps, visit, account, browserToken);
  await record(tx, visit, { event: 'sign_in.completed', subject: account, method: amr.join(' ') });
  return {
    sessionId,
    cookies: [
      { name: 'session', value: token },
      { name: 'pending', value: null },
      { name: 'enrolment', value: null },
      { name: 'browser', value: browser, maxAge: BROWSER_COOKIE_SECONDS },
    ],
  };
}

function amrOf(proven: Exclude<Proven, { by: 'password' }>): readonly string[] {
  return proven.by === 'answer' ? proven.answer.amr : proven.amr;
}

async function claimProof(tx: Tx, visit: Visit, account: Account, proven: Proven): Promise<void> {
  switch (proven.by) {
    case 'password': {
      if (proven.securityVersion !== account.security_version) throw new Refusal('pending_ended');
      if (account.two_factor_at !== null || demandsTwoFactor(account))
        throw new Refusal('two_factor_required');
      return;
    }
    case 'answer': {
      const { pending, answer, typed } = proven;
      if (pending.account_id !== account.id) throw new Refusal('pending_ended');
      if (pending.security_version !== account.security_version) throw new Refusal('pending_ended');
      // The budget before the rest, as everywhere: the order of locks. What throws below takes it back.
      if (typed) await settleRight(tx, account.id);
      else await clearGuesses(tx, account.id);
      if (!(await consumePending(tx, pending.id, visit.now))) throw new Refusal('pending_ended');
      if (!(await answer.claim(tx, visit.now))) throw new Replayed();
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
  sent: string | null,
): Promise<string> {
  const kept = sent !== null && (await isKnownBrowser(tx, tokenHash(sent), account.id));
  const token = kept ? sent : newToken(deps.random);
  const hash = tokenHash(token);
  if (!kept && sent !== null) await copyKnownBrowser(tx, tokenHash(sent), hash);
  const { browser, network, now } = visit;
  await rememberBrowser(tx, { hash, accountId: account.id, browser, network, now });
  return token;
}
