import type { By } from '../audit/by.ts';
import { nowhere } from '../audit/place.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { endSessions } from '../sessions/store.ts';
import { type Account, type Role, roleOf } from './account.ts';
import { isLastAdministrator, lockWithAdministrators } from './lock-with-administrators.ts';
import { changeSecurity } from './store.ts';

/**
 * One role in place of those before. Every session ends, so that no page open anywhere still goes by the old one; a new
 * administrator without a second factor is led to enrol one at the next sign-in. `doneBy` stands in the mail: a name, or
 * `operator`. -> false where it was so already. @throws {Refusal} not_found, last_administrator
 */
export async function changeRole(
  tx: Tx,
  deps: Deps,
  { place, actor }: By,
  { id, role, doneBy }: { id: string; role: Role; doneBy: string },
): Promise<{ readonly account: Account; readonly changed: boolean }> {
  const { administrators, person: account } = await lockWithAdministrators(tx, id);
  if (!account) throw new Refusal('not_found');
  const before = roleOf(account);
  if (before === role) return { account, changed: false };
  if (isLastAdministrator(administrators, account)) throw new Refusal('last_administrator');
  await changeSecurity(tx, account, { roles: role === 'member' ? '' : role });
  const sessions = await endSessions(tx, deps.outbox, account.id, null);
  const detail = { from: before, to: role, sessions };
  await record(tx, place, { event: 'account.role_changed', subject: account, actor, detail });
  await notify(tx, deps, nowhere(place.now), account, { kind: 'role_changed', by: doneBy, role });
  return { account, changed: true };
}
