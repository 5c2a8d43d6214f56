import { lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { findFactor, preferFactor, renameFactor } from '../factors/store.ts';
import { Refusal } from '../kit/refusal.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import type { SignedIn } from '../sessions/session.ts';
import type { Visit } from '../web/visit.ts';

/** @throws {Refusal} not_found, changes_frozen */
export async function renameOwnFactor(
  deps: Deps,
  visit: Visit,
  { account }: SignedIn,
  id: string,
  label: string,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const now = await lockAccount(tx, account.id);
    if (!now) throw new Refusal('not_found');
    assertNotFrozen(now, visit.now);
    if (!(await renameFactor(tx, account.id, id, label))) throw new Refusal('not_found');
    await record(tx, visit, { event: 'factor.renamed', subject: account });
  });
}

/** The second step asks for this one first; that weakens nothing, so a freeze does not stop it. @throws {Refusal} not_found */
export async function preferOwnFactor(
  deps: Deps,
  visit: Visit,
  { account }: SignedIn,
  id: string,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const factor = await findFactor(tx, account.id, id);
    if (!factor || factor.suspended_at !== null) throw new Refusal('not_found');
    await preferFactor(tx, account.id, id);
    await record(tx, visit, { event: 'factor.preferred', subject: account, method: factor.kind });
  });
}
