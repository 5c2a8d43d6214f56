import type { Account } from '../accounts/account.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Verdict } from '../throttle/guess-budget.ts';
import { canUseKey } from './working.ts';

/** How long typed codes rest, or that they are closed, and what still works. */
export async function holdRefusal(deps: Deps, account: Account, verdict: Verdict): Promise<Refusal> {
  const keys = await canUseKey(deps, deps.database.db, account);
  if (verdict.kind === 'closed') return new Refusal('codes_closed', { retryAfter: 24 * 60 * 60, keys });
  const retryAfter = Math.max(1, Math.ceil((verdict.until - deps.clock.now()) / 1000));
  return new Refusal('codes_on_hold', { retryAfter, keys });
}
