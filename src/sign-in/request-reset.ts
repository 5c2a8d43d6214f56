import { speaking } from '../accounts/account.ts';
import { readAddress } from '../accounts/address.ts';
import { INVITATION_LIFETIME, makeInvitation } from '../accounts/create-account.ts';
import { mailResetLink } from '../accounts/reset-link.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Task } from '../delivery/message.ts';
import type { Deps } from '../deps.ts';
import { queueLetter } from '../notices/letters.ts';
import type { Visit } from '../web/visit.ts';
import { askForMail, findOwner, type Owner, placeOf } from './ask-for-mail.ts';

/** @throws {Refusal} invalid_input on `email`, too_many_attempts */
export function requestReset(deps: Deps, visit: Visit, email: string): Promise<void> {
  return askForMail(deps, visit, 'forgot-password', email);
}

/**
 * Behind the answer: a link to the address that was typed, if it is stored and proven, to sign in with or for recovery
 * (R45). Nothing for a suspended account. May run twice: then the newer mail holds the link that works.
 */
export async function sendResetLink(deps: Deps, data: Task['data']): Promise<void> {
  const address = readAddress(data['email'] ?? '');
  if (!address) return;
  await deps.database.transaction(async (tx) => {
    const owner = await findOwner(tx, address.key);
    if (!owner || owner.provenAt === null || owner.account.suspended_at !== null) return;
    await record(tx, placeOf(deps, data), { event: 'password.reset_requested', subject: owner.account });
    const account = speaking(owner.account, data['locale']);
    if (account.password_hash === null) await inviteAgain(tx, deps, { ...owner, account });
    else await mailResetLink(tx, deps, account, owner.address);
  });
}

/** There is no password to reset yet. */
async function inviteAgain(tx: Tx, deps: Deps, { account, address }: Owner): Promise<void> {
  const token = await makeInvitation(tx, deps, account);
  const recipient = { ...account, email: address };
  await queueLetter(tx, deps, {
    kind: 'invitation',
    account: recipient,
    token,
    lifetime: INVITATION_LIFETIME,
  });
}
