import { readAddress } from '../accounts/address.ts';
import { keepAccount } from '../accounts/delete-account.ts';
import { claimLink, type Link, linkData, voidLinks } from '../accounts/link.ts';
import { cancelRecovery } from '../accounts/recovery-request.ts';
import { changeSecurity, lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { endSessions } from '../sessions/store.ts';
import type { Visit } from '../web/visit.ts';
import { placeAddress } from './address-store.ts';
import { voidUndoLinksSince } from './undo-store.ts';

/**
 * The former address is the one to sign in with again, every session ends, and the second step is asked as ever (R48).
 * Opening the link in that mailbox proves the address once more. Works during a freeze: it takes nothing away.
 * @throws {Refusal} link_invalid, address_taken
 */
export async function undoEmailChange(deps: Deps, visit: Visit, link: Link): Promise<void> {
  const address = readAddress(linkData(link)['from'] ?? '');
  await deps.database.transaction(async (tx) => {
    const account = link.account_id === null ? null : await lockAccount(tx, link.account_id);
    if (!account || !address || account.email === address.address) throw new Refusal('link_invalid');
    if (!(await claimLink(tx, link.id, visit.now))) throw new Refusal('link_invalid');
    await cancelRecovery(tx, deps, visit, account, 'change');
    if (!(await placeAddress(tx, account.id, address, 'primary', visit.now)))
      throw new Refusal('address_taken');
    // Whoever changed the address may have gone on to leave in the owner's name.
    const kept = await keepAccount(tx, deps, visit, account);
    await changeSecurity(tx, kept, { email: address.address });
    for (const purpose of ['reset', 'email-change', 'enrol'] as const)
      await voidLinks(tx, account.id, purpose);
    await voidUndoLinksSince(tx, link);
    await endSessions(tx, deps.outbox, account.id, null);
    await record(tx, visit, { event: 'email.change_undone', subject: account, method: 'link' });
    const notice = { kind: 'email_change_undone' as const, from: account.email, to: address.address };
    await notify(tx, deps, visit, account, notice);
  });
}
