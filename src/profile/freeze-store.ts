import type { Account } from '../accounts/account.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import type { FactorRow } from '../factors/factor.ts';
import { listFactors } from '../factors/store.ts';
import { answering } from '../factors/working.ts';

/**
 * Takes a factor out of use, only where another one remains: nobody may be locked out by a mail. -> its kind and label;
 * null when nothing was suspended.
 */
export async function suspendFactorIfSpare(
  tx: Tx,
  deps: Deps,
  account: Account,
  id: string,
  now: number,
): Promise<Pick<FactorRow, 'kind' | 'label'> | null> {
  const factors = await listFactors(tx, account.id);
  const factor = factors.find((one) => one.id === id && one.suspended_at === null);
  const others = factors.filter((one) => one !== factor);
  if (!factor || answering(deps, others).length === 0) return null;
  await tx
    .updateTable('factor')
    .set({ suspended_at: now, preferred: 0 })
    .where('id', '=', id)
    .where('account_id', '=', account.id)
    .execute();
  return factor;
}
