import type { By } from '../../audit/by.ts';
import type { Tx } from '../../database/open.ts';
import type { Deps } from '../../deps.ts';
import type { SignedIn } from '../../sessions/session.ts';
import type { Visit } from '../../web/visit.ts';
import { assertMayInvite } from '../may-invite.ts';

/** A change by an administrator who still is one at that moment. @throws {Refusal} not_found, changes_frozen */
export function act<T>(
  { database }: Pick<Deps, 'database'>,
  visit: Visit,
  { account }: SignedIn,
  work: (tx: Tx, by: By) => Promise<T>,
): Promise<T> {
  return database.transaction(async (tx) => {
    await assertMayInvite(tx, visit, account);
    return work(tx, { place: visit, actor: account.pseudonym });
  });
}
