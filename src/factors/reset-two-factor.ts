import type { Account } from '../accounts/account.ts';
import { changeSecurity, lockAccount } from '../accounts/store.ts';
import type { By } from '../audit/by.ts';
import { nowhere } from '../audit/place.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import { endSessions } from '../sessions/store.ts';
import { clearGuesses } from '../throttle/guess-budget.ts';
import { clearSecondStep, listFactors } from './store.ts';

/** Characters of the words that say why; all of them stand in the mail to the person. */
export const RESET_REASON_LENGTH = 240;

export interface Reset {
  readonly id: string;
  /** One line of at most `RESET_REASON_LENGTH` characters. */
  readonly reason: string;
  /** Who stands in the mail: an administrator's name, or `operator`. */
  readonly doneBy: string;
}

/**
 * For somebody who has lost every factor and is known to whoever does it (R46, R70): all of the second step goes in one
 * transaction, every session ends, and the person is told who did it and why. @throws {Refusal} not_found, no_two_factor,
 * changes_frozen
 */
export async function resetTwoFactor(
  tx: Tx,
  deps: Deps,
  { place, actor }: By,
  { id, reason, doneBy }: Reset,
): Promise<{ readonly account: Account; readonly sessions: number }> {
  const account = await lockAccount(tx, id);
  if (!account) throw new Refusal('not_found');
  // "This wasn't me" promised a day of rest: a thief may be the one who calls for a reset. The operator has the last word.
  if (actor !== 'operator') assertNotFrozen(account, place.now);
  const factors = await listFactors(tx, account.id);
  if (account.two_factor_at === null && factors.length === 0) throw new Refusal('no_two_factor');
  await clearGuesses(tx, account.id);
  await clearSecondStep(tx, account.id);
  await changeSecurity(tx, account, { two_factor_at: null });
  const sessions = await endSessions(tx, deps.outbox, account.id, null);
  await record(tx, place, {
    event: actor === 'operator' ? 'two_factor.reset_by_operator' : 'two_factor.reset_by_administrator',
    subject: account,
    actor,
    detail: { reason, factors: factors.length, sessions },
  });
  await notify(tx, deps, nowhere(place.now), account, { kind: 'admin_reset', by: doneBy, reason });
  return { account, sessions };
}
