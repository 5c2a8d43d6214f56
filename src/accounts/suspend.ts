import type { By } from '../audit/by.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { endSessions } from '../sessions/store.ts';
import type { Account } from './account.ts';
import { cancelDeletion } from './delete-account.ts';
import { isLastAdministrator, lockWithAdministrators } from './lock-with-administrators.ts';
import { changeSecurity, lockAccount } from './store.ts';

export interface StatusChange {
  /** As it was before. */
  readonly account: Account;
  /** Sessions that ended. */
  readonly sessions: number;
  /** False where it was so already. */
  readonly changed: boolean;
}

/**
 * Nobody signs in with a suspended account, and whoever is signed in is out at once: sessions, half-finished sign-ins
 * and enrolments go in the same transaction. @throws {Refusal} not_found, last_administrator
 */
export async function suspendAccount(
  tx: Tx,
  deps: Deps,
  { place, actor }: By,
  id: string,
): Promise<StatusChange> {
  const { administrators, person: account } = await lockWithAdministrators(tx, id);
  if (!account) throw new Refusal('not_found');
  if (account.suspended_at !== null) return { account, sessions: 0, changed: false };
  if (isLastAdministrator(administrators, account)) throw new Refusal('last_administrator');
  await changeSecurity(tx, account, { suspended_at: place.now });
  const sessions = await endSessions(tx, deps.outbox, account.id, null);
  await record(tx, place, { event: 'account.suspended', subject: account, actor, detail: { sessions } });
  return { account, sessions, changed: true };
}

/**
 * What the person had is as it was, but every sign-in starts anew. Calls off a deletion, too: `doneBy` then stands in the
 * mail, `operator`, `administrator` or a program's name. @throws {Refusal} not_found
 */
export async function restoreAccount(
  tx: Tx,
  deps: Deps,
  { place, actor }: By,
  id: string,
  doneBy: string = actor === 'operator' ? 'operator' : 'administrator',
): Promise<StatusChange> {
  const account = await lockAccount(tx, id);
  if (!account) throw new Refusal('not_found');
  if (account.suspended_at === null) return { account, sessions: 0, changed: false };
  await cancelDeletion(tx, deps, { place, actor }, account, { doneBy });
  // Also where it was suspended before it was to be deleted.
  await changeSecurity(tx, (await lockAccount(tx, id)) as Account, { suspended_at: null });
  const sessions = await endSessions(tx, deps.outbox, account.id, null);
  await record(tx, place, { event: 'account.restored', subject: account, actor });
  return { account, sessions, changed: true };
}
