import type { Account } from '../accounts/account.ts';
import { readAddress } from '../accounts/address.ts';
import { claimLink, findLink, type Link, linkData } from '../accounts/link.ts';
import { provePassword } from '../accounts/prove-password.ts';
import { findLiveRequest } from '../accounts/recovery-request.ts';
import { findAccount, lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal, refuseField } from '../kit/refusal.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import { endWhatIsHere } from '../sessions/end-here.ts';
import { beginEnrolment } from '../sessions/enrolment-pass.ts';
import type { SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';

export interface TemporaryPass {
  readonly link: Link;
  readonly account: Account;
}

/** Looks without spending: mail scanners open links too (R43). @throws {Refusal} link_invalid */
export async function findPass(db: Db, token: string, now: number): Promise<TemporaryPass> {
  const link = await findLink(db, 'temporary-pass', token, now);
  const account = link?.account_id ? await findAccount(db, link.account_id) : null;
  if (!link || !account || !isFor(link, account)) throw new Refusal('link_invalid');
  return { link, account };
}

/** Any security change since it was given voids it. */
function isFor(link: Link, account: Account): boolean {
  return account.suspended_at === null && link.security_version === account.security_version;
}

/**
 * The pass from the mail and the password together open the enrolment of a new factor, and nothing else: no session,
 * and what is enrolled now stays until the new factor is proven (R46). Ends with the pass's own hour. -> cookies to set.
 * @throws {Refusal} link_invalid, changes_frozen, too_many_attempts, busy, invalid_input on `password`
 */
export async function usePass(
  deps: Deps,
  visit: Visit,
  { token, password }: { token: string; password: string },
): Promise<readonly SetCookie[]> {
  const { link, account } = await findPass(deps.database.db, token, visit.now);
  assertNotFrozen(account, visit.now);
  const key = readAddress(account.email)?.key ?? account.email;
  const proven = await provePassword(deps, visit, account, key, password, 'recovery.pass_used');
  if (!proven) throw refuseField('password', 'password_wrong');

  return proven.within(async (tx) => {
    const now = await lockAccount(tx, account.id);
    if (!now || !isFor(link, now)) throw new Refusal('link_invalid');
    assertNotFrozen(now, visit.now);
    const request = await findLiveRequest(tx, now, visit.now);
    const recoveryId = linkData(link)['request'];
    if (!recoveryId || request?.id !== recoveryId) throw new Refusal('link_invalid');
    if (!(await claimLink(tx, link.id, visit.now))) throw new Refusal('link_invalid');
    const ended = await endWhatIsHere(tx, deps.outbox, visit, now.id);
    const recovering = { recoveryId, expiresAt: link.expires_at };
    const enrolment = await beginEnrolment(tx, deps, visit, now, true, recovering);
    await record(tx, visit, { event: 'recovery.pass_used', subject: now, method: 'pwd' });
    return [...ended.filter(({ name }) => name !== 'enrolment'), { name: 'enrolment', value: enrolment }];
  });
}
