import { sendInvitation } from '../../accounts/invite.ts';
import { lockAccount } from '../../accounts/store.ts';
import type { Deps } from '../../deps.ts';
import { Refusal } from '../../kit/refusal.ts';
import type { SignedIn } from '../../sessions/session.ts';
import { spendOrRefuse } from '../../throttle/brake.ts';
import { countedOf, MAIL_TO_ADDRESS } from '../../throttle/brakes.ts';
import type { Visit } from '../../web/visit.ts';
import { actAbout } from '../act.ts';

/**
 * A new link to somebody who has not accepted yet; the older one dies (R43).
 * @throws {Refusal} not_found, conflict when it was accepted or suspended meanwhile, changes_frozen, too_many_attempts
 */
export async function inviteAgain(deps: Deps, visit: Visit, who: SignedIn, id: string): Promise<void> {
  await actAbout(deps, visit, who, id, async (tx, { actor }) => {
    const account = await lockAccount(tx, id);
    if (!account) throw new Refusal('not_found');
    if (account.password_hash !== null || account.suspended_at !== null) throw new Refusal('conflict');
    await spendOrRefuse(tx, countedOf('mail/invitation', id), MAIL_TO_ADDRESS, visit.now);
    await sendInvitation(tx, deps, visit, account, { actor, locale: visit.locale });
  });
}
