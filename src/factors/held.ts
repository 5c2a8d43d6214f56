import type { Account } from '../accounts/account.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Verdict } from '../throttle/guess-budget.ts';
import { forbiddenKinds } from './accepted.ts';
import { hasKey, listFactors } from './store.ts';

/** How long typed codes rest, or that they are closed, and what still works. */
export async function holdRefusal(deps: Deps, account: Account, verdict: Verdict): Promise<Refusal> {
  const keys = await hasKeyIn(deps.database.db, account);
  if (verdict.kind === 'closed') return new Refusal('codes_closed', { retryAfter: 24 * 60 * 60, keys });
  const retryAfter = Math.max(1, Math.ceil((verdict.until - deps.clock.now()) / 1000));
  return new Refusal('codes_on_hold', { retryAfter, keys });
}

export async function hasKeyIn(db: Db, { id }: Account): Promise<boolean> {
  return hasKey(await listFactors(db, id)) && !(await forbiddenKinds(db)).has('webauthn');
}
