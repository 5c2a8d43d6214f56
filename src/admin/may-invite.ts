import { type Account, isAdministrator } from '../accounts/account.ts';
import { lockAccount } from '../accounts/store.ts';
import type { Tx } from '../database/open.ts';
import { Refusal } from '../kit/refusal.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import type { Visit } from '../web/visit.ts';

/**
 * Looked at in the transaction that invites: somebody who has just said "This wasn't me", or is no administrator any
 * more, must not find a friend of the thief among the administrators. @throws {Refusal} not_found, changes_frozen
 */
export async function assertMayInvite(tx: Tx, visit: Visit, administrator: Account): Promise<void> {
  const now = await lockAccount(tx, administrator.id);
  if (!now || !isAdministrator(now) || now.suspended_at !== null) throw new Refusal('not_found');
  assertNotFrozen(now, visit.now);
}
