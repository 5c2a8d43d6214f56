import { cancelOwnDeletion } from '../accounts/delete-account.ts';
import { claimLink, type Link } from '../accounts/link.ts';
import { lockAccount } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Visit } from '../web/visit.ts';

/**
 * The way back of who wanted to leave: the account is as it was, and nobody is signed in by it. Once; and not after
 * somebody else has kept it, nor after it was erased. @throws {Refusal} link_invalid
 */
export async function undoDeletion(deps: Deps, visit: Visit, link: Link): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const account = link.account_id === null ? null : await lockAccount(tx, link.account_id);
    if (!account || !(await claimLink(tx, link.id, visit.now))) throw new Refusal('link_invalid');
    if (!(await cancelOwnDeletion(tx, deps, visit, account))) throw new Refusal('link_invalid');
  });
}
