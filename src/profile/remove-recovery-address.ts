import { cancelRecovery } from '../accounts/recovery-request.ts';
import { changeSecurity, lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import type { SignedIn } from '../sessions/session.ts';
import type { Visit } from '../web/visit.ts';
import { removeAddresses } from './address-store.ts';

/** @throws {Refusal} not_found where there is none, changes_frozen */
export async function removeRecoveryAddress(
  deps: Deps,
  visit: Visit,
  { account, session }: SignedIn,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const now = await lockAccount(tx, account.id);
    if (!now) throw new Refusal('not_found');
    assertNotFrozen(now, visit.now);
    // Before it goes: it is told as well.
    await cancelRecovery(tx, deps, visit, now, 'change');
    const removed = await removeAddresses(tx, account.id, 'recovery');
    if (removed.length === 0) throw new Refusal('not_found');
    await changeSecurity(tx, now, {});
    for (const address of removed) {
      await record(tx, visit, { event: 'email.recovery_removed', subject: account });
      const notice = { kind: 'recovery_address_removed' as const, address };
      await notify(tx, deps, visit, now, notice, { sessionId: session.id });
    }
  });
}
