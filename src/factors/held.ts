import type { Account } from '../accounts/account.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { guessState, type Verdict } from '../throttle/guess-budget.ts';
import type { Visit } from '../web/visit.ts';
import type { AnswerMethod } from './factor.ts';
import { canUseKey } from './working.ts';

/** A code that nobody may type need not be sent, nor paid for. @throws {Refusal} codes_on_hold, codes_closed */
export async function assertNotHeld(
  deps: Deps,
  { now }: Pick<Visit, 'now'>,
  account: Account,
  { typed }: Pick<AnswerMethod, 'typed'>,
): Promise<void> {
  const verdict = typed ? await guessState(deps.database.db, account.id, now) : null;
  if (verdict) throw await holdRefusal(deps, account, verdict);
}

/** How long typed codes rest, or that they are closed, and what still works. */
export async function holdRefusal(deps: Deps, account: Account, verdict: Verdict): Promise<Refusal> {
  const keys = await canUseKey(deps, deps.database.db, account);
  if (verdict.kind === 'closed') return new Refusal('codes_closed', { retryAfter: 24 * 60 * 60, keys });
  const retryAfter = Math.max(1, Math.ceil((verdict.until - deps.clock.now()) / 1000));
  return new Refusal('codes_on_hold', { retryAfter, keys });
}
