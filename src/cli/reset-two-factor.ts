import type { Account } from '../accounts/account.ts';
import { changeSecurity } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { deleteAllFactors, listFactors } from '../factors/store.ts';
import { Refusal } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { endSessions } from '../sessions/store.ts';
import { clearGuesses } from '../throttle/guess-budget.ts';
import { lockByEmail, operatorsPlace } from './find-account.ts';

/**
 * For somebody who has lost every factor and whom the operator knows (R46): all of the second step goes in one
 * transaction, every session ends, and the person is told who did it and why.
 * @throws {Refusal} no_two_factor @throws {CommandRefused} not_found
 */
export async function resetTwoFactor(
  deps: Deps,
  email: string,
  reason: string,
): Promise<{ account: Account; sessions: number }> {
  const place = operatorsPlace(deps);
  return deps.database.transaction(async (tx) => {
    const account = await lockByEmail(tx, email);
    const factors = await listFactors(tx, account.id);
    if (account.two_factor_at === null && factors.length === 0) throw new Refusal('no_two_factor');
    await clearGuesses(tx, account.id);
    await deleteAllFactors(tx, account.id);
    await changeSecurity(tx, account, { two_factor_at: null });
    const sessions = await endSessions(tx, deps.outbox, account.id, null);
    await record(tx, place, {
      event: 'two_factor.reset_by_operator',
      subject: account,
      actor: 'operator',
      detail: { reason, factors: factors.length, sessions },
    });
    await notify(tx, deps, place, account, { kind: 'admin_reset', by: 'operator', reason });
    return { account, sessions };
  });
}
