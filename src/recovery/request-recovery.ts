import type { Account } from '../accounts/account.ts';
import { makeLink } from '../accounts/link.ts';
import { findLiveRequest } from '../accounts/recovery-request.ts';
import { mayAskAgainAt, REQUEST_LIFETIME, REQUEST_WINDOW, readReason } from '../accounts/recovery-rules.ts';
import { lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { HOUR } from '../kit/clock.ts';
import { newId } from '../kit/random.ts';
import { Refusal, refuseField } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import { policyValue } from '../policy/values.ts';
import { knownHere } from '../sessions/known-browser.ts';
import type { PendingWho } from '../sessions/require.ts';
import type { Visit } from '../web/visit.ts';
import { closeUndecided, insertRequest, recentRequests } from './store.ts';

/** Characters of what happened, in the person's words. */
export const REASON_LENGTH = 500;

/**
 * Asks for help: the password was right, and nothing is left for the second step. Every proven address is told when it
 * takes effect and how to cancel it (R46). Asked again while a request is under way, it changes nothing.
 * @throws {Refusal} pending_ended, changes_frozen, recovery_too_often, invalid_input on `reason`
 */
export async function requestRecovery(
  deps: Deps,
  visit: Visit,
  { pending }: PendingWho,
  text: string,
): Promise<void> {
  const reason = readReason(text);
  if (reason.length > REASON_LENGTH) throw refuseField('reason', 'too_long');
  await deps.database.transaction(async (tx) => {
    const account = await lockAccount(tx, pending.account_id);
    if (!account || account.suspended_at !== null) throw new Refusal('pending_ended');
    if (account.security_version !== pending.security_version) throw new Refusal('pending_ended');
    assertNotFrozen(account, visit.now);
    if (await findLiveRequest(tx, account, visit.now)) return;
    const known = (await knownHere(tx, visit, account.id)) !== null;
    const again = await heardAgainAt(tx, account, { known, now: visit.now });
    if (again !== null)
      throw new Refusal('recovery_too_often', { retryAfter: Math.ceil((again - visit.now) / 1000) });

    await closeUndecided(tx, account.id, visit.now);
    const id = newId(deps.random);
    const effectiveAt = visit.now + (await policyValue(tx, 'recovery_wait_hours')) * HOUR;
    await insertRequest(tx, {
      id,
      account_id: account.id,
      security_version: account.security_version,
      reason,
      network: visit.network,
      browser: visit.browser,
      known: known ? 1 : 0,
      created_at: visit.now,
      effective_at: effectiveAt,
    });
    const token = await makeLink(tx, deps, {
      purpose: 'recover-cancel',
      accountId: account.id,
      lifetime: effectiveAt - visit.now + REQUEST_LIFETIME,
      voidsOlder: true,
    });
    await record(tx, visit, { event: 'recovery.requested', subject: account, method: 'pwd' });
    await notify(tx, deps, visit, account, { kind: 'recovery_requested', effectiveAt, token });
  });
}

/** When this account may ask again from such a browser; null: now. */
export async function heardAgainAt(
  db: Db,
  { id, security_version }: Pick<Account, 'id' | 'security_version'>,
  { known, now }: { readonly known: boolean; readonly now: number },
): Promise<number | null> {
  const earlier = await recentRequests(db, id, { since: now - REQUEST_WINDOW, known });
  return mayAskAgainAt(earlier, security_version, now);
}
