import { readAddress } from '../accounts/address.ts';
import { complainAboutNew } from '../accounts/choose-password.ts';
import { voidLinks } from '../accounts/link.ts';
import { provePassword } from '../accounts/prove-password.ts';
import { cancelRecovery } from '../accounts/recovery-request.ts';
import { changeSecurity, lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import { deleteRefreshTokens } from '../clients/token-store.ts';
import type { Deps } from '../deps.ts';
import { Refusal, refuseField, refuseFields } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import type { SignedIn } from '../sessions/session.ts';
import { raise } from '../sessions/step-up.ts';
import { endSessions } from '../sessions/store.ts';
import type { SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';

/**
 * The current password once more, then the new one. All other sessions, refresh tokens, half-finished sign-ins and reset
 * links end in the same transaction, and this session gets a new token (R5, R36). -> cookies to set.
 * @throws {Refusal} invalid_input on `current_password` or `new_password`, too_many_attempts, changes_frozen, conflict, busy
 */
export async function changePassword(
  deps: Deps,
  visit: Visit,
  { account, session }: SignedIn,
  { current, next }: { current: string; next: string },
): Promise<readonly SetCookie[]> {
  assertNotFrozen(account, visit.now);
  // The new one is judged first: a right current password must not cost a try because the new one was too short.
  const unchanged = next.normalize('NFKC') === current.normalize('NFKC');
  const complaint = unchanged
    ? 'password_unchanged'
    : await complainAboutNew(deps, account, next, 'new_password');
  if (current === '' || complaint)
    throw refuseFields(
      { current_password: current, new_password: next },
      { current_password: current === '' && 'password_wrong', new_password: complaint },
    );
  const hash = await deps.hasher.hash(next);
  const key = readAddress(account.email)?.key ?? account.email;
  const proven = await provePassword(deps, visit, account, key, current, 'password.changed');
  if (!proven) throw refuseField('current_password', 'password_wrong');

  return proven.within(async (tx) => {
    const now = await lockAccount(tx, account.id);
    if (!now || now.security_version !== account.security_version) throw new Refusal('conflict');
    assertNotFrozen(now, visit.now);
    await cancelRecovery(tx, deps, visit, now, 'change');
    await changeSecurity(tx, now, { password_hash: hash });
    await endSessions(tx, deps.outbox, account.id, session.id);
    await deleteRefreshTokens(tx, account.id);
    for (const purpose of ['reset', 'email-change', 'enrol'] as const)
      await voidLinks(tx, account.id, purpose);
    await record(tx, visit, { event: 'password.changed', subject: account, method: 'pwd' });
    const notice = { kind: 'password_changed' as const, how: 'changed' as const };
    await notify(tx, deps, visit, account, notice, { sessionId: session.id });
    // The step-up keeps its age: the factor was not proven again.
    return [await raise(tx, deps, session, [], session.step_up_at ?? visit.now)];
  });
}
