import { changeSecurity, lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { forbiddenKinds } from '../factors/accepted.ts';
import { deleteFactor, listFactors } from '../factors/store.ts';
import { isLast } from '../factors/working.ts';
import { Refusal } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { assertNotDemanded } from '../policy/demand.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import type { SignedIn } from '../sessions/session.ts';
import { endSessions, lockSession } from '../sessions/store.ts';
import type { Visit } from '../web/visit.ts';

/**
 * Removes one of several factors, at once and everywhere (R22). The only one is never removed here, since recovery codes
 * must not remain alone, nor a method that is not accepted any more: -> `last`, and the caller leads to switching 2FA off.
 * @throws {Refusal} not_found, policy_requires_two_factor, changes_frozen, sign_in_required
 */
export async function removeFactor(
  deps: Deps,
  visit: Visit,
  { account, session }: SignedIn,
  factorId: string,
): Promise<'removed' | 'last'> {
  assertNotFrozen(account, visit.now);
  return deps.database.transaction(async (tx) => {
    const now = await lockAccount(tx, account.id);
    if (!now) throw new Refusal('not_found');
    if (!(await lockSession(tx, session.id))) throw new Refusal('sign_in_required');
    const factors = await listFactors(tx, account.id);
    const factor = factors.find(({ id }) => id === factorId);
    if (!factor) throw new Refusal('not_found');
    if (isLast(deps, factors, factor, await forbiddenKinds(tx))) {
      await assertNotDemanded(tx, now, visit.now);
      return 'last' as const;
    }
    await deleteFactor(tx, account.id, factor.id);
    await changeSecurity(tx, now, {});
    // Whatever it opened elsewhere is over, in the apps too.
    await endSessions(tx, deps.outbox, account.id, session.id);
    await record(tx, visit, { event: 'factor.removed', subject: account, method: factor.kind });
    const notice = { kind: 'factor_removed' as const, method: factor.kind, label: factor.label };
    await notify(tx, deps, visit, account, notice, { sessionId: session.id });
    return 'removed' as const;
  });
}
