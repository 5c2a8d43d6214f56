import type { Place } from '../audit/place.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { queueLetter } from '../notices/letters.ts';
import type { Locale } from '../words/locale.ts';
import { type Account, localeOf, type Role, rolesOf } from './account.ts';
import { createAccount, INVITATION_LIFETIME, makeInvitation } from './create-account.ts';

export interface Inviter {
  /** `operator`, or an administrator's pseudonym. */
  readonly actor: string;
  /** Of the mail, as long as nobody knows which language the person reads. */
  readonly locale?: Locale;
}

export interface Invitee {
  readonly email: string;
  /** As `readName` gave it. */
  readonly name: string;
  readonly role: Role;
  /** When somebody vouched for the address; null: it is proven by the link of the mail. */
  readonly provenAt: number | null;
}

/**
 * Makes an account without a password and mails the link with which its person chooses one. -> the account, and the
 * token for BASE_URL/invitation?token=… @throws {Refusal} invalid_input on `email`: email_invalid, email_taken
 */
export async function invite(
  tx: Tx,
  deps: Deps,
  place: Place,
  { email, name, role, provenAt }: Invitee,
  inviter: Inviter,
): Promise<{ readonly account: Account; readonly token: string }> {
  const account = await createAccount(tx, deps, place, {
    email,
    name,
    roles: [role],
    passwordHash: null,
    provenAt,
    actor: inviter.actor,
  });
  return { account, token: await sendInvitation(tx, deps, place, account, inviter) };
}

/** Mails a link for an account that waits for its person; the older links die (R43). -> the token */
export async function sendInvitation(
  tx: Tx,
  deps: Deps,
  place: Place,
  account: Account,
  { actor, locale }: Inviter,
): Promise<string> {
  const token = await makeInvitation(tx, deps, account);
  const recipient = { ...account, locale: localeOf(account) ?? locale ?? null };
  await queueLetter(tx, deps, {
    kind: 'invitation',
    account: recipient,
    token,
    lifetime: INVITATION_LIFETIME,
  });
  const role = rolesOf(account).join(' ');
  await record(tx, place, { event: 'account.invited', subject: account, actor, detail: { role } });
  return token;
}
