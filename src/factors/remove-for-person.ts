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
import { deleteFactor, listFactors } from './store.ts';
import { answering } from './working.ts';

/**
 * Takes one of several factors of somebody else: a phone that was stolen, a key that was handed back. What it opened
 * ends. The only one that works is never taken here, since recovery codes must not remain alone (R22): -> `last`, and the
 * caller leads to the reset. `doneBy` stands in the mail. @throws {Refusal} not_found, changes_frozen
 */
export async function removeFactorOf(
  tx: Tx,
  deps: Deps,
  { place, actor }: By,
  { id, factorId, doneBy }: { id: string; factorId: string; doneBy: string },
): Promise<'removed' | 'last'> {
  const account = await lockAccount(tx, id);
  const factors = account ? await listFactors(tx, account.id) : [];
  const factor = factors.find((one) => one.id === factorId);
  if (!account || !factor) throw new Refusal('not_found');
  assertNotFrozen(account, place.now);
  const remaining = factors.filter((other) => other !== factor);
  if (answering(deps, remaining).length === 0) return 'last';
  await deleteFactor(tx, account.id, factor.id);
  await changeSecurity(tx, account, {});
  const sessions = await endSessions(tx, deps.outbox, account.id, null);
  const { kind: method, label } = factor;
  await record(tx, place, { event: 'factor.removed', subject: account, actor, method, detail: { sessions } });
  await notify(tx, deps, nowhere(place.now), account, { kind: 'factor_removed', method, label, by: doneBy });
  return 'removed';
}
