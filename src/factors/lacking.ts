import type { Account } from '../accounts/account.ts';
import type { Deps } from '../deps.ts';
import type { Acr } from '../sessions/session.ts';
import { canUseKey } from './working.ts';

/** What somebody lacks who has not proven what an app demands. */
export type Lacking =
  /** The account has no second factor yet. */
  | 'factor'
  /** There is one, and this session has not seen it. */
  | 'confirm'
  /** A key is asked for, and the account has none that works. */
  | 'key'
  | 'use-key';

/** `demand`: what the session does not meet; `unknown` nobody can prove. */
export async function lackingFor(deps: Deps, account: Account, demand: Acr | 'unknown'): Promise<Lacking> {
  if (account.two_factor_at === null) return 'factor';
  if (demand !== 'phr') return 'confirm';
  return (await canUseKey(deps, deps.database.db, account)) ? 'use-key' : 'key';
}
