import { readAddress } from '../accounts/address.ts';
import { deleteAccount } from '../accounts/delete-account.ts';
import { provePassword } from '../accounts/prove-password.ts';
import { lockAccount } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { Refusal, refuseFields } from '../kit/refusal.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import type { SignedIn } from '../sessions/session.ts';
import type { Visit } from '../web/visit.ts';

/**
 * A person leaves: the typed address and the current password, after a step-up that the caller has required. A freeze
 * stops it: who has a stolen session must not be faster than "This wasn't me".
 * @throws {Refusal} invalid_input on `confirmation` or `password`, too_many_attempts, changes_frozen, last_administrator,
 * conflict, busy
 */
export async function leave(
  deps: Deps,
  visit: Visit,
  { account }: SignedIn,
  { confirmation, password }: { confirmation: string; password: string },
): Promise<void> {
  assertNotFrozen(account, visit.now);
  const key = readAddress(account.email)?.key ?? account.email;
  // The address is judged first: a right password must not cost a try because of a slip in it.
  const confirmed = readAddress(confirmation)?.key === key;
  if (!confirmed || password === '')
    throw refuseFields(
      { confirmation, password },
      { confirmation: !confirmed && 'confirmation_wrong', password: password === '' && 'password_wrong' },
    );
  const proven = await provePassword(deps, visit, account, key, password, 'step_up.password');
  if (!proven) throw refuseFields({ password }, { password: 'password_wrong' });
  await proven.within(async (tx) => {
    const by = { place: visit, actor: account.pseudonym };
    await deleteAccount(tx, deps, by, { id: account.id, reason: '', doneBy: 'self' });
    const now = await lockAccount(tx, account.id);
    // Whatever changed since the request began, the freeze among it, undoes all of this.
    if (now?.security_version !== account.security_version + 1) throw new Refusal('conflict');
  });
}
