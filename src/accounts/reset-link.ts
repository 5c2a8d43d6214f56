import type { By } from '../audit/by.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { queueLetter } from '../notices/letters.ts';
import { endSessions } from '../sessions/store.ts';
import type { Account } from './account.ts';
import { makeLink } from './link.ts';
import { findProvenPrimary, lockAccount } from './store.ts';

/** Mails a link with which the person chooses a new password; the older ones die (R43). `address` is theirs and proven. */
export async function mailResetLink(
  tx: Tx,
  deps: Deps,
  account: Account,
  address: string,
  kind: 'reset_link' | 'admin_reset_link' = 'reset_link',
): Promise<void> {
  const token = await makeLink(tx, deps, {
    purpose: 'reset',
    accountId: account.id,
    address,
    securityVersion: account.security_version,
    lifetime: deps.config.lifetimes.resetMax,
    voidsOlder: true,
  });
  await queueLetter(tx, deps, { kind, account: { ...account, email: address }, token });
}

/**
 * The person is asked for a new password, and nobody else ever learns or sets it (R70). Sessions end at once; the old
 * password works until the new one is chosen, since a mail may not arrive.
 * @throws {Refusal} not_found, conflict for an account without a password, a suspended one, or an unproven address
 */
export async function startPasswordReset(
  tx: Tx,
  deps: Deps,
  { place, actor }: By,
  { id, reason }: { id: string; reason: string },
): Promise<void> {
  const account = await lockAccount(tx, id);
  if (!account) throw new Refusal('not_found');
  const primary = await findProvenPrimary(tx, account.id);
  if (primary === null || account.password_hash === null || account.suspended_at !== null)
    throw new Refusal('conflict');
  const sessions = await endSessions(tx, deps.outbox, account.id, null);
  await mailResetLink(tx, deps, account, primary, 'admin_reset_link');
  const detail = { reason, sessions };
  await record(tx, place, { event: 'password.reset_requested', subject: account, actor, detail });
}
