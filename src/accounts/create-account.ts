import type { Place } from '../audit/place.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import { isUniqueViolation } from '../database/unique-violation.ts';
import type { Deps } from '../deps.ts';
import { DAY } from '../kit/clock.ts';
import { isPlainLine } from '../kit/plain-line.ts';
import { newId } from '../kit/random.ts';
import { refuseField } from '../kit/refusal.ts';
import type { Locale } from '../words/locale.ts';
import type { Account, Role } from './account.ts';
import { readAddress } from './address.ts';
import { makeLink } from './link.ts';
import { findAccount, insertAccount } from './store.ts';

/** How long an account may wait for its person: somebody may be on holiday. */
export const INVITATION_LIFETIME = 7 * DAY;

export interface AccountRequest {
  readonly email: string;
  /** As `readName` gave it. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** From `choosePassword`; null where an invitation follows. */
  readonly passwordHash: string | null;
  /** When mail to the address was shown to reach the person; null while it was not. */
  readonly provenAt: number | null;
  readonly locale?: Locale;
  /** Who made it, when it was not the person: `operator`, `system`, an administrator's pseudonym. */
  readonly actor?: string;
}

/** Makes an account and its primary address. @throws {Refusal} invalid_input on `email`: email_invalid, email_taken */
export async function createAccount(
  tx: Tx,
  { random }: Pick<Deps, 'random'>,
  place: Place,
  request: AccountRequest,
): Promise<Account> {
  const address = readAddress(request.email);
  if (!address) throw refuseField('email', 'email_invalid');
  const id = newId(random);
  const account = {
    id,
    pseudonym: newId(random),
    email: address.address,
    name: request.name,
    roles: request.roles.filter((role) => role !== 'member').join(' '),
    password_hash: request.passwordHash,
    locale: request.locale ?? null,
    created_at: place.now,
  };
  try {
    await insertAccount(tx, account, address.key, request.provenAt);
  } catch (error) {
    // Two may ask for one address at the same time: the key of the table lets one win.
    throw isUniqueViolation(error) ? refuseField('email', 'email_taken') : error;
  }
  const { actor } = request;
  await record(tx, place, { event: 'account.created', subject: account, ...(actor ? { actor } : {}) });
  return (await findAccount(tx, id)) as Account;
}

/**
 * The link with which the person of an account without a password chooses one; the older ones die. -> its token, for
 * BASE_URL/invitation?token=…
 */
export function makeInvitation(
  tx: Tx,
  deps: Pick<Deps, 'random' | 'clock'>,
  account: Pick<Account, 'id' | 'security_version'>,
): Promise<string> {
  return makeLink(tx, deps, {
    purpose: 'invitation',
    accountId: account.id,
    securityVersion: account.security_version,
    lifetime: INVITATION_LIFETIME,
    voidsOlder: true,
  });
}

/** A person's name as it is shown and written into mails: 1 to 100 characters, spaces in order. Null when it is none. */
export function readName(text: string): string | null {
  if (!isPlainLine(text.trim())) return null;
  const name = text.normalize('NFC').trim().replace(/\s+/gu, ' ');
  return name === '' || [...name].length > 100 ? null : name;
}
