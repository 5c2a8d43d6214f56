import type { Account } from '../accounts/account.ts';
import { readAddress } from '../accounts/address.ts';
import { findAccount } from '../accounts/store.ts';
import type { Db } from '../database/open.ts';
import type { Task } from '../delivery/message.ts';
import type { Deps } from '../deps.ts';
import { refuseField } from '../kit/refusal.ts';
import { spendTry, tooManyTries } from '../throttle/brake.ts';
import { MAIL_FROM_NETWORK, MAIL_TO_ADDRESS } from '../throttle/brakes.ts';
import { networkPrefix } from '../throttle/network.ts';
import type { Visit } from '../web/visit.ts';

export type MailTask = 'sign-up' | 'forgot-password';

/**
 * What anybody may ask for any address. Whether the address is known is looked up afterwards, by the task: neither the
 * answer nor its duration nor a wait tells it (R55). @throws {Refusal} invalid_input on `email`, too_many_attempts
 */
export async function askForMail(
  { database, seal, outbox }: Deps,
  visit: Visit,
  task: MailTask,
  email: string,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const address = readAddress(email);
  if (!address) throw refuseField('email', 'email_invalid');
  // `ann+shop@` reaches Ann's mailbox too. A keyed fingerprint: the table must not become a list of addresses.
  const mailbox = seal.mac('throttle', address.key.replace(/\+[^@]*(?=@)/, ''));
  const network = networkPrefix(visit.network);
  const data = { ...more, email: address.address, locale: visit.locale, ...placeData(visit) };
  const wait = await database.transaction(async (tx) => {
    const wait =
      (await spendTry(tx, `mail/network/${network}`, MAIL_FROM_NETWORK, visit.now)) ||
      (await spendTry(tx, `mail/${task}/${mailbox}`, MAIL_TO_ADDRESS, visit.now));
    if (wait > 0) return wait;
    await outbox.enqueue(tx, { channel: 'task', kind: task, accountId: null, message: { name: task, data } });
    return 0;
  });
  if (wait > 0) throw tooManyTries({ kind: 'wait', ms: wait });
}

function placeData({ network, browser, requestId }: Visit): Record<string, string> {
  return { network, browser, request: requestId };
}

/** Where the request came from, for the record that its task writes. */
export function placeOf(
  { clock }: Pick<Deps, 'clock'>,
  { network = '', browser = '', request = '' }: Task['data'],
) {
  return { now: clock.now(), network, browser, requestId: request };
}

export interface Owner {
  readonly account: Account;
  /** As it is stored: what was typed is never written to (R45). */
  readonly address: string;
  readonly kind: 'primary' | 'recovery';
  readonly provenAt: number | null;
}

/** Whose address this is, to sign in with or for recovery; null: nobody's. */
export async function findOwner(db: Db, addressKey: string): Promise<Owner | null> {
  const row = await db
    .selectFrom('email_address')
    .selectAll()
    .where('address_key', '=', addressKey)
    .executeTakeFirst();
  const account = row ? await findAccount(db, row.account_id) : null;
  if (!row || !account) return null;
  return { account, address: row.address, kind: row.kind, provenAt: row.proven_at };
}
