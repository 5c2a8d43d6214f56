import { claimLink, findLink, type Link } from '../accounts/link.ts';
import { cancelRecovery } from '../accounts/recovery-request.ts';
import { lockAccount } from '../accounts/store.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Visit } from '../web/visit.ts';

/** Looks without cancelling: mail scanners open links too (R43). @throws {Refusal} link_invalid */
export async function findCancelLink(db: Db, token: string, now: number): Promise<Link> {
  const link = await findLink(db, 'recover-cancel', token, now);
  if (!link) throw new Refusal('link_invalid');
  return link;
}

/** Without a sign-in: whoever is being robbed may be unable to. @throws {Refusal} link_invalid */
export async function cancelByLink(deps: Deps, visit: Visit, token: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const link = await findCancelLink(tx, token, visit.now);
    const account = link.account_id === null ? null : await lockAccount(tx, link.account_id);
    if (!account || !(await claimLink(tx, link.id, visit.now))) throw new Refusal('link_invalid');
    if (!(await cancelRecovery(tx, deps, visit, account, 'link'))) throw new Refusal('link_invalid');
  });
}
