import { type Account, speaking } from '../accounts/account.ts';
import { makeLink } from '../accounts/link.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { queueLetter } from '../notices/letters.ts';
import { spendTry } from '../throttle/brake.ts';
import { countedOf, MAIL_TO_ADDRESS } from '../throttle/brakes.ts';
import type { Visit } from '../web/visit.ts';

/**
 * The proof beyond the password that a first enrolment under a rule needs: a link mailed to the person. Without it, a
 * stolen password would be enough to bind a stranger's factor. -> whether a mail was queued.
 */
export async function sendEnrolmentLink(
  tx: Tx,
  deps: Deps,
  visit: Visit,
  account: Account,
): Promise<boolean> {
  const wait = await spendTry(tx, countedOf('mail/enrol', account.id), MAIL_TO_ADDRESS, visit.now);
  if (wait > 0) return false;
  const token = await makeLink(tx, deps, {
    purpose: 'enrol',
    accountId: account.id,
    securityVersion: account.security_version,
    lifetime: deps.config.lifetimes.resetMax,
    voidsOlder: true,
  });
  await queueLetter(tx, deps, { kind: 'enrol_link', account: speaking(account, visit.locale), token });
  await record(tx, visit, { event: 'enrolment.link_sent', subject: account });
  return true;
}
