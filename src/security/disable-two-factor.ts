import { readAddress } from '../accounts/address.ts';
import { provePassword } from '../accounts/prove-password.ts';
import { changeSecurity, lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { clearSecondStep } from '../factors/store.ts';
import { Refusal, refuseField } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { assertNotDemanded } from '../policy/demand.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import type { SignedIn } from '../sessions/session.ts';
import { raise } from '../sessions/step-up.ts';
import { endSessions } from '../sessions/store.ts';
import { listTrustedBrowsers } from '../sessions/trusted-browser.ts';
import { clearGuesses } from '../throttle/guess-budget.ts';
import type { SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';

/**
 * Everything of the second step goes in one transaction, every other session ends, and a mail says so (R40-R42). The
 * caller has required a step-up; the password is asked here once more. -> cookies to set.
 * @throws {Refusal} policy_requires_two_factor, no_two_factor, changes_frozen, invalid_input on `password`
 */
export async function disableTwoFactor(
  deps: Deps,
  visit: Visit,
  { account, session }: SignedIn,
  password: string,
): Promise<readonly SetCookie[]> {
  await assertNotDemanded(deps.database.db, account, visit.now);
  if (account.two_factor_at === null) throw new Refusal('no_two_factor');
  assertNotFrozen(account, visit.now);
  const key = readAddress(account.email)?.key ?? account.email;
  const proven = await provePassword(deps, visit, account, key, password, 'step_up.password');
  if (!proven) throw refuseField('password', 'password_wrong');

  return proven.within(async (tx) => {
    const now = await lockAccount(tx, account.id);
    if (!now || now.two_factor_at === null) throw new Refusal('no_two_factor');
    await assertNotDemanded(tx, now, visit.now);
    assertNotFrozen(now, visit.now);
    const browsers = (await listTrustedBrowsers(tx, now, visit.now)).length > 0;
    await clearGuesses(tx, account.id);
    await clearSecondStep(tx, account.id);
    await changeSecurity(tx, now, { two_factor_at: null });
    await endSessions(tx, deps.outbox, account.id, session.id);
    await record(tx, visit, { event: 'two_factor.disabled', subject: account });
    await notify(
      tx,
      deps,
      visit,
      account,
      { kind: 'two_factor_off', by: 'self', browsers },
      { sessionId: session.id },
    );
    return [await raise(tx, deps, session, [], visit.now)];
  });
}
