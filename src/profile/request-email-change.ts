import { readAddress } from '../accounts/address.ts';
import { makeLink } from '../accounts/link.ts';
import { listAddresses, lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { Refusal, refuseField } from '../kit/refusal.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import type { SignedIn } from '../sessions/session.ts';
import { spendOrRefuse } from '../throttle/brake.ts';
import { countedOf, MAIL_TO_ADDRESS } from '../throttle/brakes.ts';
import type { Visit } from '../web/visit.ts';
import type { AddressKind } from './address-store.ts';
import { EMAIL_CHANGE_LINK } from './send-email-change-link.ts';

/**
 * Asks for a new address, to sign in with or for recovery. Nothing changes until the link that goes to it is opened
 * (R48); a newer request voids the older (R43). Whether somebody else has the address is looked up afterwards, by the
 * task: neither the answer nor its duration tells it (R55).
 * @throws {Refusal} invalid_input on `email`, too_many_attempts, changes_frozen
 */
export async function requestEmailChange(
  deps: Deps,
  visit: Visit,
  { account }: SignedIn,
  { email, use }: { email: string; use: AddressKind },
): Promise<void> {
  const address = readAddress(email);
  if (!address) throw refuseField('email', 'email_invalid');
  const own = (await listAddresses(deps.database.db, account.id)).find(
    ({ address_key }) => address_key === address.key,
  );
  // A recovery address may become the one to sign in with; the other way there would be none left.
  if (own && (use === 'recovery' || own.kind === 'primary')) throw refuseField('email', 'email_unchanged');

  await deps.database.transaction(async (tx) => {
    const now = await lockAccount(tx, account.id);
    if (!now) throw new Refusal('not_found');
    assertNotFrozen(now, visit.now);
    await spendOrRefuse(tx, countedOf('mail/email-change', account.id), MAIL_TO_ADDRESS, visit.now);
    const token = await makeLink(tx, deps, {
      purpose: 'email-change',
      accountId: account.id,
      address: address.address,
      data: { use },
      securityVersion: now.security_version,
      lifetime: deps.config.lifetimes.resetMax,
      voidsOlder: true,
    });
    await record(tx, visit, { event: 'email.change_requested', subject: account, detail: { use } });
    await deps.outbox.enqueue(tx, {
      channel: 'task',
      kind: EMAIL_CHANGE_LINK,
      accountId: null,
      message: { name: EMAIL_CHANGE_LINK, data: { token, locale: visit.locale } },
    });
  });
}
