import { type Account, isAdministrator } from '../accounts/account.ts';
import { lockWithAdministrators } from '../accounts/lock-with-administrators.ts';
import type { By } from '../audit/by.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import type { SignedIn } from '../sessions/session.ts';
import { lockSession } from '../sessions/store.ts';
import type { Visit } from '../web/visit.ts';

/** What an administrator does, with the record of whose it is. */
export type Act<T> = (tx: Tx, by: By, administrator: Account) => Promise<T>;

/**
 * Of a change that locks nobody: not of somebody who has just said "This wasn't me". @throws {Refusal} changes_frozen
 */
export function inTheNameOf(visit: Visit, { account }: SignedIn): By {
  assertNotFrozen(account, visit.now);
  return { place: visit, actor: account.pseudonym };
}

/**
 * Looked at in the transaction that does it: somebody who has just said "This wasn't me", or is no administrator any
 * more, must not find what a thief did in their name. @throws {Refusal} not_found, changes_frozen, sign_in_required
 */
export function act<T>(deps: Deps, visit: Visit, who: SignedIn, work: Act<T>): Promise<T> {
  return actAbout(deps, visit, who, who.account.id, work);
}

/**
 * The same about a person, who stays as they are meanwhile; work finds them by that id.
 * @throws {Refusal} not_found, changes_frozen, sign_in_required
 */
export function actAbout<T>(
  deps: Deps,
  visit: Visit,
  { account, session }: SignedIn,
  id: string,
  work: Act<T>,
): Promise<T> {
  return deps.database.transaction(async (tx) => {
    const { administrators, person } = await lockWithAdministrators(tx, id);
    const administrator = administrators.find((one) => one.id === account.id);
    if (!administrator || !isAdministrator(administrator) || !person) throw new Refusal('not_found');
    assertNotFrozen(administrator, visit.now);
    // A list of people may have been on its way for minutes: it does not outlive the session in which it began.
    if (!(await lockSession(tx, session.id))) throw new Refusal('sign_in_required');
    return work(tx, { place: visit, actor: administrator.pseudonym }, administrator);
  });
}

/**
 * About somebody else: what would lock an administrator out, or hide what a thief in their session did, another one must
 * do. @throws {Refusal} not_found, changes_frozen, sign_in_required, own_account
 */
export function actAboutOther<T>(
  deps: Deps,
  visit: Visit,
  who: SignedIn,
  id: string,
  work: Act<T>,
): Promise<T> {
  if (id === who.account.id) throw new Refusal('own_account');
  return actAbout(deps, visit, who, id, work);
}
