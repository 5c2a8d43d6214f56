import type { Account } from '../accounts/account.ts';
import { readAddress } from '../accounts/address.ts';
import { complainAboutNew } from '../accounts/choose-password.ts';
import { createAccount, readName } from '../accounts/create-account.ts';
import { claimLink, findLink, type Link, linkData, voidLinks } from '../accounts/link.ts';
import { changeSecurity, findAccount, findProvenPrimary, lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Db, Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { clearSecondStep } from '../factors/store.ts';
import { Refusal, refuseFields } from '../kit/refusal.ts';
import { demandOf } from '../policy/demand.ts';
import { beginEnrolment } from '../sessions/enrolment-pass.ts';
import { endSessions } from '../sessions/store.ts';
import { clearGuesses } from '../throttle/guess-budget.ts';
import { forget, type SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';
import { findOwner } from './ask-for-mail.ts';
import { signOut } from './sign-out.ts';
import { assertSignUpOpen } from './sign-up.ts';

export interface Invitation {
  readonly link: Link;
  /** What the link will make or complete. */
  readonly email: string;
  /** To begin with; the person may change it. */
  readonly name: string;
}

/** Looks without spending. @throws {Refusal} link_invalid, sign_up_closed */
export async function findInvitation(deps: Deps, token: string, now: number): Promise<Invitation> {
  const { db } = deps.database;
  const link = await findLink(db, 'invitation', token, now);
  if (!link) throw new Refusal('link_invalid');
  if (link.account_id !== null) {
    const account = await findAccount(db, link.account_id);
    if (!account || !(await isInvited(db, account, link))) throw new Refusal('link_invalid');
    return { link, email: account.email, name: account.name };
  }
  assertSignUpOpen(deps);
  const address = readAddress(link.address ?? '');
  // Somebody else's mail to the same address was faster.
  if (!address || (await findOwner(db, address.key))) throw new Refusal('link_invalid');
  return { link, email: address.address, name: linkData(link)['name'] ?? '' };
}

/** An old invitation must not serve as a reset of the password: it works until the person has chosen one. */
async function isInvited(db: Db, account: Account, link: Link): Promise<boolean> {
  if (account.suspended_at !== null) return false;
  if (link.security_version !== null && link.security_version !== account.security_version) return false;
  return account.password_hash === null || (await findProvenPrimary(db, account.id)) === null;
}

/**
 * The address is proven; name and password are set. Signs nobody in; where a rule demands a second factor, this browser
 * keeps the proof, so that the sign-in that follows asks for no second mail. -> cookies to set.
 * @throws {Refusal} link_invalid, sign_up_closed, busy, invalid_input on `name`, `password`
 */
export async function acceptInvitation(
  deps: Deps,
  visit: Visit,
  form: { token: string; name: string; password: string },
): Promise<readonly SetCookie[]> {
  const { link, email } = await findInvitation(deps, form.token, visit.now);
  const name = readName(form.name);
  const complaint = await complainAboutNew(deps, { name: name ?? form.name, email }, form.password);
  if (name === null || complaint !== null)
    throw refuseFields(form, { name: name === null && 'name_invalid', password: complaint });
  const passwordHash = await deps.hasher.hash(form.password);
  // Whoever is signed in here is somebody else (R36).
  await signOut(deps, visit);
  const enrolment = await deps.database.transaction(async (tx) => {
    if (!(await claimLink(tx, link.id, visit.now))) throw new Refusal('link_invalid');
    const chosen = { name, passwordHash };
    const account =
      link.account_id === null
        ? await makeOwn(tx, deps, visit, email, chosen)
        : await takeOver(tx, deps, visit, link, link.account_id, chosen);
    await record(tx, visit, { event: 'account.password_set', subject: account });
    const mustEnrol = account.two_factor_at === null && (await demandOf(tx, account, visit.now)) !== null;
    return mustEnrol ? beginEnrolment(tx, deps, visit, account, true) : null;
  });
  return [...forget('session', 'pending'), { name: 'enrolment', value: enrolment }];
}

interface Chosen {
  readonly name: string;
  readonly passwordHash: string;
}

/** Signed up. Two mails to one address may be opened at once: one wins (the other is told that its link is used up). */
async function makeOwn(
  tx: Tx,
  deps: Deps,
  visit: Visit,
  email: string,
  { name, passwordHash }: Chosen,
): Promise<Account> {
  const { now: provenAt, locale } = visit;
  try {
    return await createAccount(tx, deps, visit, { email, name, roles: [], passwordHash, provenAt, locale });
  } catch (error) {
    throw error instanceof Refusal ? new Refusal('link_invalid') : error;
  }
}

/** Somebody made the account for this person. */
async function takeOver(
  tx: Tx,
  { outbox }: Deps,
  visit: Visit,
  link: Link,
  accountId: string,
  { name, passwordHash }: Chosen,
): Promise<Account> {
  const before = await lockAccount(tx, accountId);
  if (!before || !(await isInvited(tx, before, link))) throw new Refusal('link_invalid');
  const proven = (await findProvenPrimary(tx, accountId)) !== null;
  if (!proven) await proveAddress(tx, accountId, visit.now);
  await endSessions(tx, outbox, accountId, null);
  for (const purpose of ['invitation', 'reset', 'enrol'] as const) await voidLinks(tx, accountId, purpose);
  await changeSecurity(tx, before, {
    name,
    password_hash: passwordHash,
    locale: before.locale ?? visit.locale,
    two_factor_at: proven ? before.two_factor_at : null,
  });
  return (await findAccount(tx, accountId)) as Account;
}

/** First proof of an address: what a stranger set up before is gone, so that no door of theirs stays open (R47). */
async function proveAddress(tx: Tx, accountId: string, now: number): Promise<void> {
  await clearGuesses(tx, accountId);
  await clearSecondStep(tx, accountId);
  await tx.deleteFrom('link').where('account_id', '=', accountId).execute();
  await tx.deleteFrom('known_browser').where('account_id', '=', accountId).execute();
  await tx
    .deleteFrom('email_address')
    .where('account_id', '=', accountId)
    .where('kind', '=', 'recovery')
    .execute();
  await tx
    .updateTable('email_address')
    .set({ proven_at: now })
    .where('account_id', '=', accountId)
    .where('kind', '=', 'primary')
    .execute();
}
