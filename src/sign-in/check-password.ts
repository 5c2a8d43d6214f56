import type { Account } from '../accounts/account.ts';
import { readAddress } from '../accounts/address.ts';
import { provePassword } from '../accounts/prove-password.ts';
import { findAccountByAddress, renewPasswordHash } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { lacksAccepted } from '../factors/accepted.ts';
import { Refusal } from '../kit/refusal.ts';
import { demandOf } from '../policy/demand.ts';
import { completeSignIn } from '../sessions/complete.ts';
import { endWhatIsHere } from '../sessions/end-here.ts';
import { beginEnrolment } from '../sessions/enrolment-pass.ts';
import { beginPending } from '../sessions/pending.ts';
import { findTrustedBrowser } from '../sessions/trusted-browser.ts';
import type { SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';
import { hasFreshProof, leadsToOwnLink } from './prove-enrolment.ts';
import { sendEnrolmentLink } from './send-enrolment-link.ts';

/** Who has lost everything needs the password, and nothing that the second step could ask for. */
export const HELP = '/recover';

export interface PasswordStep {
  readonly cookies: readonly SetCookie[];
  readonly next: string;
}

/**
 * E-mail and password. What follows depends on the account: the second step, unless this browser is trusted; a session
 * where no factor exists and no rule demands one, or the enrolment-only state. @throws {Refusal} wrong_credentials,
 * too_many_attempts, busy
 */
export async function checkPassword(
  deps: Deps,
  visit: Visit,
  { email, password, returnTo }: { email: string; password: string; returnTo: string },
): Promise<PasswordStep> {
  const address = readAddress(email);
  const account = address ? await findAccountByAddress(deps.database.db, address.key) : null;
  const proven = await provePassword(
    deps,
    visit,
    account,
    address?.key ?? email,
    password,
    'sign_in.password',
  );
  if (!proven || !account) throw new Refusal('wrong_credentials');
  const renewed = await renewedHash(deps, account, password);
  const alreadyProven = await hasFreshProof(deps, visit, account);
  const trusted = await trustOf(deps, visit, account);
  const atLink = await leadsToOwnLink(deps, visit, account, returnTo);

  return proven.within(async (tx) => {
    if (renewed) await renewPasswordHash(tx, account.id, account.password_hash as string, renewed);
    await record(tx, visit, { event: 'sign_in.password', subject: account, method: 'pwd' });
    const ended = await endWhatIsHere(tx, deps.outbox, visit, account.id);
    if (trusted) {
      const { cookies } = await completeSignIn(tx, deps, visit, account.id, {
        by: 'trusted-browser',
        securityVersion: account.security_version,
        trustedId: trusted.id,
      });
      return { cookies, next: returnTo };
    }
    if (account.two_factor_at !== null) {
      const lost = returnTo === HELP;
      const token = await beginPending(tx, deps, visit, account, lost ? '/' : returnTo);
      return {
        cookies: [...ended, { name: 'pending', value: token }],
        next: lost ? HELP : '/sign-in/factor',
      };
    }
    if (await demandOf(tx, account, visit.now)) {
      const cookie = await enrolFirst(tx, deps, visit, account, { alreadyProven, atLink });
      const cookies = [...ended.filter(({ name }) => name !== cookie.name), cookie];
      return { cookies, next: atLink ? returnTo : '/account/security' };
    }
    const { cookies } = await completeSignIn(tx, deps, visit, account.id, {
      by: 'password',
      securityVersion: account.security_version,
    });
    return { cookies, next: returnTo };
  });
}

/** Nobody is trusted for a proof that is not accepted any more. */
async function trustOf(deps: Deps, visit: Visit, account: Account): Promise<{ readonly id: string } | null> {
  if (account.two_factor_at === null) return null;
  const trusted = await findTrustedBrowser(deps.database.db, visit, account);
  return trusted && (await lacksAccepted(deps, deps.database.db, account.id)) ? null : trusted;
}

/** A rule demands a factor and there is none: the password alone opens only the way to prove more (screen 12). */
async function enrolFirst(
  tx: Tx,
  deps: Deps,
  visit: Visit,
  account: Account,
  { alreadyProven, atLink }: { alreadyProven: boolean; atLink: boolean },
): Promise<SetCookie> {
  const token = await beginEnrolment(tx, deps, visit, account, alreadyProven);
  await record(tx, visit, { event: 'sign_in.enrolment_only', subject: account, method: 'pwd' });
  // A second mail would void the link that an invitation has made needless, or that is being opened right now.
  if (!alreadyProven && !atLink) await sendEnrolmentLink(tx, deps, visit, account);
  return { name: 'enrolment', value: token };
}

/** A hash with older parameters is renewed while the password is at hand (R3). */
async function renewedHash({ hasher }: Deps, account: Account, password: string): Promise<string | null> {
  if (account.password_hash === null || !hasher.isOutdated(account.password_hash)) return null;
  return hasher.hash(password);
}
