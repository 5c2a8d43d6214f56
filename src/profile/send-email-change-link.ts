import { speaking } from '../accounts/account.ts';
import { readAddress } from '../accounts/address.ts';
import { findLink } from '../accounts/link.ts';
import { findAccount } from '../accounts/store.ts';
import type { TaskHandler } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { queueLetter } from '../notices/letters.ts';
import { spendTry } from '../throttle/brake.ts';
import { MAIL_TO_ADDRESS } from '../throttle/brakes.ts';
import { ownerOfAddress } from './address-store.ts';

export const EMAIL_CHANGE_LINK = 'email-change-link';

/** The work of this door that the outbox does, by name. */
export function profileTasks(deps: Deps): Readonly<Record<string, TaskHandler>> {
  return { [EMAIL_CHANGE_LINK]: sendEmailChangeLink(deps) };
}

/** Behind the answer (R55): mails the link to the new address, unless somebody else has it; then nothing is sent. */
function sendEmailChangeLink(deps: Deps): TaskHandler {
  return async ({ token = '', locale }) => {
    const { db } = deps.database;
    const now = deps.clock.now();
    const link = await findLink(db, 'email-change', token, now);
    const account = link?.account_id ? await findAccount(db, link.account_id) : null;
    const address = readAddress(link?.address ?? '');
    if (!link || !account || !address) return;
    const owner = await ownerOfAddress(db, address.key);
    if (owner !== null && owner !== account.id) return;
    await deps.database.transaction(async (tx) => {
      // A stranger's mailbox must not be filled by many accounts that all claim it.
      const target = deps.seal.mac('throttle', address.key);
      if ((await spendTry(tx, `mail/email-change-to/${target}`, MAIL_TO_ADDRESS, now)) > 0) return;
      const lifetime = link.expires_at - link.created_at;
      await queueLetter(tx, deps, {
        kind: 'email_change_link',
        account: speaking(account, locale),
        address: address.address,
        token,
        lifetime,
      });
    });
  };
}
