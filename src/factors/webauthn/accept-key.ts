import type { Account } from '../../accounts/account.ts';
import type { Tx } from '../../database/open.ts';
import type { Deps } from '../../deps.ts';
import type { Visit } from '../../web/visit.ts';
import type { Accepted, Rejected } from '../factor.ts';
import { findFactor, raiseCounter } from '../store.ts';
import { type Key, rewriteKey, sealKey, touchKey } from './keys.ts';
import { amrOf, judgeCounter } from './rules.ts';
import { suspendKey } from './suspend-key.ts';
import type { Asserted } from './verify.ts';

/** A right signature, judged by its counter: let in, or refused and the key suspended (R20). */
export function acceptKey(
  deps: Deps,
  account: Account,
  { factor, data }: Key,
  { counter, userVerified, backedUp }: Asserted,
): Accepted | Rejected {
  const verdict = judgeCounter(factor.counter, counter);
  if (verdict === 'fallen') {
    return { kind: 'rejected', settle: (tx, visit) => suspendKey(tx, deps, visit, account, factor) };
  }
  return {
    kind: 'accepted',
    factor,
    amr: amrOf(data),
    phishingResistant: true,
    detail: { user_verified: userVerified },
    claim: (tx, now) =>
      verdict === 'risen' ? raiseCounter(tx, factor.id, counter, now) : touchKey(tx, factor.id, now),
    async afterClaim(tx) {
      if (backedUp === data.backedUp) return;
      await rewriteKey(tx, factor.id, sealKey(deps, account.id, factor.id, { ...data, backedUp }));
    },
    lost: (tx, visit) => suspendIfOvertaken(tx, deps, visit, account, factor.id, counter),
  };
}

/** Another answer with this counter, or a later one, was faster: the same as one that comes too late. */
async function suspendIfOvertaken(
  tx: Tx,
  deps: Deps,
  visit: Visit,
  account: Account,
  factorId: string,
  counter: number,
): Promise<void> {
  const now = await findFactor(tx, account.id, factorId);
  if (now && judgeCounter(now.counter, counter) === 'fallen') await suspendKey(tx, deps, visit, account, now);
}
