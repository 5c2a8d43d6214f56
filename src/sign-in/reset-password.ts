import { type Account, speaking } from '../accounts/account.ts';
import { complainAboutNew } from '../accounts/choose-password.ts';
import { claimLink, findLink, type Link, voidLinks } from '../accounts/link.ts';
import { passwordKeys } from '../accounts/password-waits.ts';
import { cancelRecovery } from '../accounts/recovery-request.ts';
import { changeSecurity, findAccount, lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal, refuseFields } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { SIGNED_OUT } from '../sessions/end-here.ts';
import { endSessions } from '../sessions/store.ts';
import { forgetTries } from '../throttle/brake.ts';
import { relieveHold } from '../throttle/guess-budget.ts';
import type { SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';
import { signOut } from './sign-out.ts';

export interface Reset {
  readonly link: Link;
  readonly account: Account;
}

/** Looks without spending: mail scanners open links too (R43). @throws {Refusal} link_invalid */
export async function findReset(db: Db, token: string, now: number): Promise<Reset> {
  const link = await findLink(db, 'reset', token, now);
  const account = link?.account_id ? await findAccount(db, link.account_id) : null;
  if (!link || !account || !isFor(link, account)) throw new Refusal('link_invalid');
  return { link, account };
}

/** Any security change since it was mailed voids it (R43). */
function isFor(link: Link, account: Account): boolean {
  return account.suspended_at === null && link.security_version === account.security_version;
}

/**
 * A new password by a mailed link. Signs nobody in and leaves the second step as it is, so that a stolen mailbox is not
 * enough; everything that was signed in or half-way there ends (R44). -> cookies to set.
 * @throws {Refusal} link_invalid, busy, invalid_input on `password`
 */
export async function resetPassword(
  deps: Deps,
  visit: Visit,
  { token, password }: { token: string; password: string },
): Promise<readonly SetCookie[]> {
  const { link, account } = await findReset(deps.database.db, token, visit.now);
  const complaint = await complainAboutNew(deps, account, password);
  if (complaint) throw refuseFields({ password }, { password: complaint });
  const hash = await deps.hasher.hash(password);
  // Whatever is signed in here must not be what the next page shows.
  await signOut(deps, visit);
  await deps.database.transaction(async (tx) => {
    const now = await lockAccount(tx, account.id);
    if (!now || !isFor(link, now)) throw new Refusal('link_invalid');
    if (!(await claimLink(tx, link.id, visit.now))) throw new Refusal('link_invalid');
    await cancelRecovery(tx, deps, visit, now, 'change');
    await changeSecurity(tx, now, { password_hash: hash });
    await endSessions(tx, deps.outbox, now.id, null);
    for (const purpose of ['reset', 'email-change', 'enrol'] as const) await voidLinks(tx, now.id, purpose);
    await relieveHold(tx, now.id, visit.now);
    // The old password's wrong tries say nothing about the new one.
    await forgetTries(tx, passwordKeys(now.id));
    await record(tx, visit, { event: 'password.reset', subject: now });
    await notify(tx, deps, visit, speaking(now, visit.locale), { kind: 'password_changed', how: 'reset' });
  });
  return SIGNED_OUT;
}
