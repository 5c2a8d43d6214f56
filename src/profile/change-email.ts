import type { Account } from '../accounts/account.ts';
import { type Address, readAddress } from '../accounts/address.ts';
import { claimLink, findLink, type Link, linkData, voidLinks } from '../accounts/link.ts';
import { cancelRecovery } from '../accounts/recovery-request.ts';
import { changeSecurity, lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Db, Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import type { SignedIn } from '../sessions/session.ts';
import { lockSession } from '../sessions/store.ts';
import type { Visit } from '../web/visit.ts';
import { type AddressKind, placeAddress, removeAddresses } from './address-store.ts';

export interface EmailChange {
  readonly link: Link;
  readonly address: Address;
  readonly use: AddressKind;
}

/**
 * What a link from the new address would change, without changing it. It works only for the account that asked (R48)
 * and only while nothing else about its security has changed since. @throws {Refusal} link_invalid, link_other_browser
 */
export async function findEmailChange(
  db: Db,
  account: Account,
  token: string,
  now: number,
): Promise<EmailChange> {
  const link = await findLink(db, 'email-change', token, now);
  const address = readAddress(link?.address ?? '');
  if (!link || !address) throw new Refusal('link_invalid');
  if (link.account_id !== account.id) throw new Refusal('link_other_browser');
  if (link.security_version !== account.security_version) throw new Refusal('link_invalid');
  return { link, address, use: linkData(link)['use'] === 'recovery' ? 'recovery' : 'primary' };
}

/**
 * The new address is proven: it takes the place of the old one, or of the recovery address. The second step stays as it
 * is, links to reset the password die, and both addresses are told (R48). -> what it serves from now on.
 * @throws {Refusal} link_invalid, link_other_browser, address_taken, changes_frozen, sign_in_required
 */
export async function changeEmail(
  deps: Deps,
  visit: Visit,
  who: SignedIn,
  token: string,
): Promise<AddressKind> {
  return deps.database.transaction(async (tx) => {
    const account = await lockAccount(tx, who.account.id);
    if (!account) throw new Refusal('link_invalid');
    if (!(await lockSession(tx, who.session.id))) throw new Refusal('sign_in_required');
    const { link, address, use } = await findEmailChange(tx, account, token, visit.now);
    assertNotFrozen(account, visit.now);
    if (!(await claimLink(tx, link.id, visit.now))) throw new Refusal('link_invalid');
    await voidLinks(tx, account.id, 'reset');
    // Before the address changes: the former one is told as well.
    await cancelRecovery(tx, deps, visit, account, 'change');
    if (use === 'primary') await changePrimary(tx, deps, visit, account, who.session.id, address);
    else await changeRecovery(tx, deps, visit, account, who.session.id, address);
    return use;
  });
}

async function changePrimary(
  tx: Tx,
  deps: Deps,
  visit: Visit,
  account: Account,
  sessionId: string,
  address: Address,
): Promise<void> {
  if (!(await placeAddress(tx, account.id, address, 'primary', visit.now)))
    throw new Refusal('address_taken');
  await changeSecurity(tx, account, { email: address.address });
  await record(tx, visit, { event: 'email.changed', subject: account });
  const notice = { kind: 'email_changed' as const, from: account.email, to: address.address };
  await notify(tx, deps, visit, account, notice, { sessionId });
}

async function changeRecovery(
  tx: Tx,
  deps: Deps,
  visit: Visit,
  account: Account,
  sessionId: string,
  address: Address,
): Promise<void> {
  const replaced = await removeAddresses(tx, account.id, 'recovery');
  if (!(await placeAddress(tx, account.id, address, 'recovery', visit.now)))
    throw new Refusal('address_taken');
  await changeSecurity(tx, account, {});
  await record(tx, visit, { event: 'email.recovery_added', subject: account });
  const added = { kind: 'recovery_address_added' as const, address: address.address };
  await notify(tx, deps, visit, account, added, { sessionId });
  for (const former of replaced) {
    await record(tx, visit, { event: 'email.recovery_removed', subject: account });
    const removed = { kind: 'recovery_address_removed' as const, address: former };
    await notify(tx, deps, visit, account, removed, { sessionId });
  }
}
