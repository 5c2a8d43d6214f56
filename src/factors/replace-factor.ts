import { changeSecurity, lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import type { Holder } from '../sessions/require.ts';
import { lockSession } from '../sessions/store.ts';
import type { Visit } from '../web/visit.ts';
import { assertAccepted } from './accepted.ts';
import { deleteFactor, findFactor, insertFactor, type NewFactor, preferFactor } from './store.ts';

/**
 * A new factor takes the place of an old one of the same kind, in the transaction that claimed its draft. The old one
 * works until this moment, and comes back by the undo link of the mail for a day (screen 6).
 * `told`: what the mail says besides. @throws {Refusal} conflict, changes_frozen, method_forbidden,
 * sign_in_required
 */
export async function replaceFactor(
  tx: Tx,
  deps: Deps,
  visit: Visit,
  holder: Holder,
  oldId: string,
  factor: NewFactor,
  told: { readonly ending?: string } = {},
): Promise<void> {
  // A pass enrols and does nothing else: after a temporary one everything goes, and never one factor among several (R46).
  if (holder.kind === 'enrolment') throw new Refusal('conflict');
  const account = await lockAccount(tx, holder.account.id);
  if (!account || account.security_version !== holder.account.security_version) throw new Refusal('conflict');
  if (!(await lockSession(tx, holder.session.id))) throw new Refusal('sign_in_required');
  assertNotFrozen(account, visit.now);
  await assertAccepted(tx, factor.kind);
  // Read here and not before: a code of it may have been spent meanwhile, and the undo must not give it back (R10).
  const old = await findFactor(tx, account.id, oldId);
  if (!old || old.kind !== factor.kind || !(await deleteFactor(tx, account.id, old.id)))
    throw new Refusal('conflict');
  await insertFactor(tx, factor);
  if (old.preferred === 1) await preferFactor(tx, account.id, factor.id);
  await changeSecurity(tx, account, {});
  await record(tx, visit, { event: 'factor.replaced', subject: account, method: factor.kind });
  const undo = {
    id: old.id,
    kind: old.kind,
    label: old.label,
    sealed_data: old.sealed_data ?? '',
    external_id: old.external_id ?? '',
    counter: String(old.counter),
    created_at: String(old.created_at),
    // A key that may have been copied does not come back into use by a mail.
    suspended_at: String(old.suspended_at ?? ''),
    new_id: factor.id,
  };
  await notify(
    tx,
    deps,
    visit,
    account,
    { kind: 'factor_replaced', method: factor.kind, factorId: factor.id, label: factor.label, undo, ...told },
    { sessionId: holder.session.id },
  );
}
