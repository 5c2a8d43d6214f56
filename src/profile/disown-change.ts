import { keepAccount } from '../accounts/delete-account.ts';
import { claimLink, type Link, linkData } from '../accounts/link.ts';
import { cancelRecovery } from '../accounts/recovery-request.ts';
import { changeSecurity, lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { FREEZE_LIFETIME } from '../policy/freeze.ts';
import { endSession } from '../sessions/store.ts';
import type { Visit } from '../web/visit.ts';
import type { NoticeCode } from '../words/notices.en.ts';
import { suspendFactorIfSpare } from './freeze-store.ts';

/**
 * "This wasn't me": the session that made the change ends, security changes rest for a day, and a factor that was added
 * is suspended where another one remains. It never turns 2FA off: whoever reads the mail must not be able to.
 * -> what to say was done. @throws {Refusal} link_invalid
 */
export async function disownChange(deps: Deps, visit: Visit, link: Link): Promise<NoticeCode> {
  const { session, factor } = linkData(link);
  return deps.database.transaction(async (tx) => {
    const account = link.account_id === null ? null : await lockAccount(tx, link.account_id);
    if (!account || !(await claimLink(tx, link.id, visit.now))) throw new Refusal('link_invalid');
    await cancelRecovery(tx, deps, visit, account, 'change');
    // The version rises with it: what began before, on a stranger's side too, starts again and meets the freeze.
    const until = Math.max(account.frozen_until_at ?? 0, visit.now + FREEZE_LIFETIME);
    // Whoever did what the mail tells of may have gone on to leave in the owner's name.
    const kept = await keepAccount(tx, deps, visit, account);
    await changeSecurity(tx, kept, { frozen_until_at: until });
    await record(tx, visit, { event: 'security.frozen', subject: account, method: 'link' });
    if (session && (await endSession(tx, deps.outbox, account.id, session))) {
      await record(tx, visit, { event: 'session.ended', subject: account, method: 'link' });
    }
    const suspended = factor ? await suspendFactorIfSpare(tx, deps, account, factor, visit.now) : null;
    const { kind: method = '', label = '' } = suspended ?? {};
    // The owner may not be who pressed it: it stands in nobody's way unnoticed (R74).
    await notify(tx, deps, visit, kept, { kind: 'security_frozen', until, method, label });
    if (suspended === null) return 'security_frozen';
    await record(tx, visit, { event: 'factor.suspended', subject: account, method });
    return 'security_frozen_factor';
  });
}
