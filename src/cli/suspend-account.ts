import { type Account, isAdministrator } from '../accounts/account.ts';
import { changeSecurity } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { endSessions } from '../sessions/store.ts';
import { lockByEmail, operatorsPlace } from './find-account.ts';
import { lockAdministrators } from './store.ts';

export interface StatusChange {
  readonly account: Account;
  /** Sessions that ended. */
  readonly sessions: number;
  /** False where it was so already. */
  readonly changed: boolean;
}

/**
 * Nobody signs in with a suspended account, and whoever is signed in is out at once: sessions, half-finished sign-ins
 * and enrolments go in the same transaction. @throws {Refusal} last_administrator @throws {CommandRefused} not_found
 */
export async function suspendAccount(deps: Deps, email: string): Promise<StatusChange> {
  const place = operatorsPlace(deps);
  return deps.database.transaction(async (tx) => {
    const administrators = await lockAdministrators(tx);
    const account = await lockByEmail(tx, email);
    if (account.suspended_at !== null) return { account, sessions: 0, changed: false };
    const others = administrators.filter((id) => id !== account.id);
    if (isAdministrator(account) && others.length === 0) throw new Refusal('last_administrator');
    await changeSecurity(tx, account, { suspended_at: place.now });
    const sessions = await endSessions(tx, deps.outbox, account.id, null);
    await record(tx, place, {
      event: 'account.suspended',
      subject: account,
      actor: 'operator',
      detail: { sessions },
    });
    return { account, sessions, changed: true };
  });
}

/** What the person had is as it was, but every sign-in starts anew. @throws {CommandRefused} not_found */
export async function restoreAccount(deps: Deps, email: string): Promise<StatusChange> {
  const place = operatorsPlace(deps);
  return deps.database.transaction(async (tx) => {
    const account = await lockByEmail(tx, email);
    if (account.suspended_at === null) return { account, sessions: 0, changed: false };
    await changeSecurity(tx, account, { suspended_at: null });
    const sessions = await endSessions(tx, deps.outbox, account.id, null);
    await record(tx, place, { event: 'account.restored', subject: account, actor: 'operator' });
    return { account, sessions, changed: true };
  });
}
