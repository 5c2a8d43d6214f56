import type { Account } from '../accounts/account.ts';
import { findOpenLink, linkData, voidLinks } from '../accounts/link.ts';
import { lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { SignedIn } from '../sessions/session.ts';
import type { Visit } from '../web/visit.ts';
import type { AddressKind } from './address-store.ts';

export interface PendingEmailChange {
  readonly address: string;
  readonly use: AddressKind;
  readonly expires_at: number;
}

/**
 * The address that waits for its link to be opened, as long as that works. Told from the link alone and not from what
 * was mailed: of an address that somebody else has, no mail goes out, and that must not be seen here (R55).
 */
export async function findPendingEmailChange(
  db: Db,
  account: Account,
  now: number,
): Promise<PendingEmailChange | null> {
  const link = await findOpenLink(db, 'email-change', account, now);
  if (!link?.address) return null;
  const use = linkData(link)['use'] === 'recovery' ? 'recovery' : 'primary';
  return { address: link.address, use, expires_at: link.expires_at };
}

/**
 * Voids the link, and with it the task that has not mailed it yet. It weakens nothing, so a freeze does not stop it.
 * False when nothing waited any more: pressed twice, run out, or opened meanwhile. @throws {Refusal} not_found
 */
export async function cancelEmailChange(
  { database }: Deps,
  visit: Visit,
  { account }: SignedIn,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const now = await lockAccount(tx, account.id);
    if (!now) throw new Refusal('not_found');
    const pending = await findPendingEmailChange(tx, now, visit.now);
    if (!pending) return false;
    await voidLinks(tx, account.id, 'email-change');
    await record(tx, visit, {
      event: 'email.change_cancelled',
      subject: account,
      detail: { use: pending.use },
    });
    return true;
  });
}
