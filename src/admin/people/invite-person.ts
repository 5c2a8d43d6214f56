import type { Role } from '../../accounts/account.ts';
import { readAddress } from '../../accounts/address.ts';
import { readName } from '../../accounts/create-account.ts';
import { invite } from '../../accounts/invite.ts';
import type { Deps } from '../../deps.ts';
import { refuseFields } from '../../kit/refusal.ts';
import type { SignedIn } from '../../sessions/session.ts';
import type { Visit } from '../../web/visit.ts';
import { act } from '../act.ts';

/**
 * The account waits, without a password and with its address unproven, for the person to open the link in the mail.
 * @throws {Refusal} changes_frozen, not_found, invalid_input on `email`, `name`
 */
export async function invitePerson(
  deps: Deps,
  visit: Visit,
  who: SignedIn,
  { email, name, role }: { email: string; name: string; role: Role },
): Promise<void> {
  const readable = readName(name);
  const wrongAddress = readAddress(email) === null;
  if (readable === null || wrongAddress)
    throw refuseFields(
      { email, name },
      { email: wrongAddress && 'email_invalid', name: readable === null && 'name_invalid' },
    );
  await act(deps, visit, who, async (tx, { actor }) => {
    const invitee = { email, name: readable, role, provenAt: null };
    await invite(tx, deps, visit, invitee, { actor, locale: visit.locale });
  });
}
