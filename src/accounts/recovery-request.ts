import type { Selectable } from 'kysely';
import { record } from '../audit/record.ts';
import type { Db, Tx } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import type { RecoveryRequestTable } from '../database/tables/recovery.ts';
import { notify } from '../notices/notify.ts';
import type { Visit } from '../web/visit.ts';
import type { Account } from './account.ts';
import { voidLinks } from './link.ts';
import { isLive, stateOf } from './recovery-rules.ts';

/** Somebody who passed the password says that they have lost every factor (screen 13). */
export type RecoveryRequest = Selectable<RecoveryRequestTable>;

const undecided = prepared<{ accountId: string }>()((db, { accountId }) =>
  db
    .selectFrom('recovery_request')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('cancelled_at', 'is', null)
    .where('refused_at', 'is', null)
    .where('completed_at', 'is', null),
);

/** The request of this account that is being waited for, or whose pass is out; null: none. */
export async function findLiveRequest(
  db: Db,
  { id, security_version }: Pick<Account, 'id' | 'security_version'>,
  now: number,
): Promise<RecoveryRequest | null> {
  const rows = await undecided(db, { accountId: id });
  return rows.find((request) => isLive(stateOf(request, security_version, now))) ?? null;
}

/** Why: by the link of a mail, because a factor or code signed the person in, or because password or address changed. */
export type CancelledBy = 'link' | 'sign-in' | 'change';

/**
 * Ends the account's request, if there is one, together with its pass, and tells every address. Called with the account
 * as it was before whatever cancels it. -> whether there was one.
 */
export async function cancelRecovery(
  tx: Tx,
  deps: Parameters<typeof notify>[1],
  visit: Visit,
  account: Account,
  by: CancelledBy,
): Promise<boolean> {
  const request = await findLiveRequest(tx, account, visit.now);
  if (!request) return false;
  const change = { cancelled_at: visit.now };
  await tx.updateTable('recovery_request').set(change).where('id', '=', request.id).execute();
  await tx.deleteFrom('enrolment_pass').where('recovery_id', '=', request.id).execute();
  for (const purpose of ['recover-cancel', 'temporary-pass'] as const)
    await voidLinks(tx, account.id, purpose);
  const method = by === 'link' ? { method: 'link' } : {};
  await record(tx, visit, { event: 'recovery.cancelled', subject: account, ...method, detail: { by } });
  await notify(tx, deps, visit, account, { kind: 'recovery_cancelled', by });
  return true;
}

/** The new factor is on, in this same transaction. */
export async function completeRecovery(tx: Tx, id: string, now: number): Promise<void> {
  await tx.updateTable('recovery_request').set({ completed_at: now }).where('id', '=', id).execute();
}
