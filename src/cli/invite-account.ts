import type { Account, Role } from '../accounts/account.ts';
import { readAddress } from '../accounts/address.ts';
import { choosePassword } from '../accounts/choose-password.ts';
import { createAccount, INVITATION_LIFETIME, makeInvitation, readName } from '../accounts/create-account.ts';
import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { refuseField } from '../kit/refusal.ts';
import { queueLetter } from '../notices/letters.ts';
import { operatorsPlace } from './find-account.ts';

export interface NewPerson {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** null: the person chooses one, by the link of the invitation. */
  readonly password: string | null;
}

export interface Invited {
  readonly account: Account;
  /** BASE_URL/invitation?token=…, mailed too; null where a password was given. */
  readonly invitation: string | null;
}

/**
 * The operator vouches for the address. @throws {Refusal} invalid_input on `email`, `name`, `password`;
 * malformed_request for a password beyond 1,024 bytes
 */
export async function inviteAccount(
  deps: Deps,
  { email, name, role, password }: NewPerson,
): Promise<Invited> {
  const address = readAddress(email)?.address;
  if (address === undefined) throw refuseField('email', 'email_invalid');
  const readable = readName(name);
  if (readable === null) throw refuseField('name', 'name_invalid');
  const passwordHash =
    password === null ? null : await choosePassword(deps, { name: readable, email: address }, password);
  const place = operatorsPlace(deps);
  return deps.database.transaction(async (tx) => {
    const account = await createAccount(tx, deps, place, {
      email: address,
      name: readable,
      roles: [role],
      passwordHash,
      provenAt: place.now,
      actor: 'operator',
    });
    if (passwordHash !== null) return { account, invitation: null };
    const token = await makeInvitation(tx, deps, account);
    await queueLetter(tx, deps, { kind: 'invitation', account, token, lifetime: INVITATION_LIFETIME });
    await record(tx, place, { event: 'account.invited', subject: account, actor: 'operator' });
    return { account, invitation: `${deps.config.baseUrl}/invitation?token=${token}` };
  });
}
