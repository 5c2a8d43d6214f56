import type { Account, Role } from '../accounts/account.ts';
import { readAddress } from '../accounts/address.ts';
import { choosePassword } from '../accounts/choose-password.ts';
import { createAccount, readName } from '../accounts/create-account.ts';
import { invite } from '../accounts/invite.ts';
import type { Deps } from '../deps.ts';
import { refuseField } from '../kit/refusal.ts';
import { operatorsPlace } from './find-account.ts';

export interface NewPerson {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** null: the person chooses one, by the link of the invitation. */
  readonly password: string | null;
}

export interface Added {
  readonly account: Account;
  /** BASE_URL/invitation?token=…, mailed too; null where a password was given. */
  readonly invitation: string | null;
}

/**
 * The operator vouches for the address. @throws {Refusal} invalid_input on `email`, `name`, `password`;
 * malformed_request for a password beyond 1,024 bytes
 */
export async function addAccount(deps: Deps, { email, name, role, password }: NewPerson): Promise<Added> {
  const address = readAddress(email)?.address;
  if (address === undefined) throw refuseField('email', 'email_invalid');
  const readable = readName(name);
  if (readable === null) throw refuseField('name', 'name_invalid');
  const chooser = { name: readable, email: address };
  const passwordHash = password === null ? null : await choosePassword(deps, chooser, password);
  const place = operatorsPlace(deps);
  const person = { ...chooser, provenAt: place.now };
  return deps.database.transaction(async (tx) => {
    if (passwordHash === null) {
      const { account, token } = await invite(tx, deps, place, { ...person, role }, { actor: 'operator' });
      return { account, invitation: `${deps.config.baseUrl}/invitation?token=${token}` };
    }
    const request = { ...person, roles: [role], passwordHash, actor: 'operator' };
    return { account: await createAccount(tx, deps, place, request), invitation: null };
  });
}
