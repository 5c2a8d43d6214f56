import type { Tx } from '../database/open.ts';
import { listFactors } from '../factors/store.ts';

/**
 * Takes a factor out of use, only where another one remains: nobody may be locked out by a mail. -> its kind; null when
 * nothing was suspended.
 */
export async function suspendFactorIfSpare(
  tx: Tx,
  accountId: string,
  id: string,
  now: number,
): Promise<string | null> {
  const active = (await listFactors(tx, accountId)).filter(({ suspended_at }) => suspended_at === null);
  const factor = active.find((one) => one.id === id);
  if (!factor || active.length < 2) return null;
  await tx
    .updateTable('factor')
    .set({ suspended_at: now, preferred: 0 })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .execute();
  return factor.kind;
}
