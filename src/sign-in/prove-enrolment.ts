import type { Account } from '../accounts/account.ts';
import { claimLink, findLink, type Link } from '../accounts/link.ts';
import { record } from '../audit/record.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { type Enrolling, enrolmentHere, proveEnrolment } from '../sessions/enrolment-pass.ts';
import type { Visit } from '../web/visit.ts';

type Has = Pick<Deps, 'database'>;

/**
 * True when this browser holds the proof beyond the password for this account: it accepted the invitation a moment ago.
 * A sign-in that follows begins a proven pass and mails no link (contract).
 */
export async function hasFreshProof({ database }: Has, visit: Visit, account: Account): Promise<boolean> {
  const here = await enrolmentHere(database.db, visit);
  return here !== null && here.account.id === account.id && here.pass.proven_at !== null;
}

/**
 * True when this sign-in leads back to a mailed link of this account: the mail was opened in another browser than the
 * one that asked. Another mail would void the link that is being opened.
 */
export async function leadsToOwnLink(
  { database }: Has,
  visit: Visit,
  account: Account,
  returnTo: string,
): Promise<boolean> {
  const token = /^\/enrol\?token=([\w-]{43})$/.exec(returnTo)?.[1];
  if (token === undefined) return false;
  const link = await findLink(database.db, 'enrol', token, visit.now);
  return link !== null && isOf(link, account);
}

/** @throws {Refusal} link_invalid */
export async function findEnrolmentLink(db: Db, token: string, now: number): Promise<Link> {
  const link = await findLink(db, 'enrol', token, now);
  if (!link) throw new Refusal('link_invalid');
  return link;
}

/**
 * The link and this browser must be of one account. What another browser holds stays as it is: somebody who knows the
 * password and waits there must gain nothing from the owner's click. @throws {Refusal} link_invalid, link_other_browser
 */
export function assertSameAccount(link: Link, account: Account): void {
  if (link.account_id !== account.id) throw new Refusal('link_other_browser');
  if (!isOf(link, account)) throw new Refusal('link_invalid');
}

function isOf(link: Link, account: Account): boolean {
  return link.account_id === account.id && link.security_version === account.security_version;
}

/** Spends the link; the pass of this browser, and no other, is proven. @throws {Refusal} link_invalid, link_other_browser */
export async function proveByLink(
  deps: Deps,
  visit: Visit,
  { pass, account }: Enrolling,
  token: string,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const link = await findEnrolmentLink(tx, token, visit.now);
    assertSameAccount(link, account);
    if (!(await claimLink(tx, link.id, visit.now))) throw new Refusal('link_invalid');
    await proveEnrolment(tx, pass.id, visit.now);
    await record(tx, visit, { event: 'enrolment.proven', subject: account });
  });
}
