import type { By } from '../audit/by.ts';
import { nowhere } from '../audit/place.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { DAY } from '../kit/clock.ts';
import { Refusal } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { endSessions } from '../sessions/store.ts';
import type { Account } from './account.ts';
import { dropDeletion, findDeletion, putDeletion } from './deletion-store.ts';
import { makeLink, voidLinks } from './link.ts';
import { isLastAdministrator, lockWithAdministrators } from './lock-with-administrators.ts';
import { changeSecurity, lockAccount } from './store.ts';

/** Between the decision and the erasing: long enough for a mail to be read after a holiday's first days. */
export const WAY_BACK = 7 * DAY;
/** Characters of the words that say why; all of them stand in the mail to the person. */
export const DELETION_REASON_LENGTH = 240;

export interface DeletionOrder {
  readonly id: string;
  /** One line of at most `DELETION_REASON_LENGTH` characters; empty where the person leaves by themself. */
  readonly reason: string;
  /** Who stands in the mail: `self`, `operator`, `administrator`, or an administrator's name. */
  readonly doneBy: string;
}

/**
 * The account is closed at once, to everybody in the same words as a wrong password, and erased when the way back is
 * over. The person's own decision can be called off by the link of the mail; somebody else's by administrators and the
 * operator alone (`restoreAccount`), for who was let go must not be able to let themself in.
 * -> when it will be erased. @throws {Refusal} not_found, last_administrator, conflict where it waits already
 */
export async function deleteAccount(
  tx: Tx,
  deps: Deps,
  { place, actor }: By,
  { id, reason, doneBy }: DeletionOrder,
): Promise<{ readonly account: Account; readonly eraseAt: number; readonly sessions: number }> {
  const { administrators, person: account } = await lockWithAdministrators(tx, id);
  if (!account) throw new Refusal('not_found');
  if (await findDeletion(tx, account)) throw new Refusal('conflict');
  if (isLastAdministrator(administrators, account)) throw new Refusal('last_administrator');
  // Not by the word that the mail says: a program may have any name.
  const own = actor === account.pseudonym;
  const eraseAt = place.now + WAY_BACK;
  await changeSecurity(tx, account, { suspended_at: place.now });
  await putDeletion(tx, {
    account_id: account.id,
    requested_at: place.now,
    erase_at: eraseAt,
    by_self: own ? 1 : 0,
    suspended_before_at: account.suspended_at,
  });
  const sessions = await endSessions(tx, deps.outbox, account.id, null);
  const detail = { sessions, ...(reason ? { reason } : {}) };
  await record(tx, place, { event: 'account.deletion_requested', subject: account, actor, detail });
  const token = own ? await makeWayBack(tx, deps, account) : null;
  const seen = own ? place : nowhere(place.now);
  await notify(tx, deps, seen, account, {
    kind: 'account_leaving',
    effectiveAt: eraseAt,
    by: doneBy,
    reason,
    token,
  });
  return { account, eraseAt, sessions };
}

/**
 * Whatever waits to be erased is kept: as it was before, so that who was suspended then is suspended still. Every
 * sign-in starts anew. -> false where nothing waited. `method`: `link`, where a mail's link did it.
 */
export async function cancelDeletion(
  tx: Tx,
  deps: Deps,
  { place, actor }: By,
  account: Account,
  { doneBy, method }: { readonly doneBy: string; readonly method?: string },
): Promise<boolean> {
  const deletion = await findDeletion(tx, account);
  if (!deletion) return false;
  await dropDeletion(tx, account.id);
  await voidLinks(tx, account.id, 'undo-delete');
  await changeSecurity(tx, account, { suspended_at: deletion.suspended_before_at });
  const how = method === undefined ? {} : { method };
  await record(tx, place, { event: 'account.deletion_cancelled', subject: account, actor, ...how });
  const seen = doneBy === 'self' ? place : nowhere(place.now);
  await notify(tx, deps, seen, account, { kind: 'account_kept', by: doneBy });
  return true;
}

/**
 * By a link of a mail: only what the person, or somebody in their name, has asked for. -> false where nothing of that
 * kind waits
 */
export async function cancelOwnDeletion(
  tx: Tx,
  deps: Deps,
  place: By['place'],
  account: Account,
): Promise<boolean> {
  const deletion = await findDeletion(tx, account);
  if (deletion?.by_self !== 1) return false;
  const by = { place, actor: account.pseudonym };
  return cancelDeletion(tx, deps, by, account, { doneBy: 'self', method: 'link' });
}

/** The same, for whoever does more with the account in this transaction. -> as it is then. */
export async function keepAccount(
  tx: Tx,
  deps: Deps,
  place: By['place'],
  account: Account,
): Promise<Account> {
  if (!(await cancelOwnDeletion(tx, deps, place, account))) return account;
  return (await lockAccount(tx, account.id)) ?? account;
}

function makeWayBack(tx: Tx, deps: Deps, account: Account): Promise<string> {
  return makeLink(tx, deps, {
    purpose: 'undo-delete',
    accountId: account.id,
    lifetime: WAY_BACK,
    voidsOlder: true,
  });
}
