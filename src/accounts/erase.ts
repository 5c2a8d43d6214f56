import { nowhere } from '../audit/place.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import { letter } from '../delivery/letter.ts';
import { forgetMailsTo } from '../delivery/mailbox.ts';
import type { Deps } from '../deps.ts';
import { noticeWords } from '../notices/words.ts';
import { type Account, localeOf } from './account.ts';
import { deleteAccountRow, dropDeletion, findDeletion, listDue } from './deletion-store.ts';
import { listAddresses, lockAccount } from './store.ts';

const AT_ONCE = 50;

/**
 * Erases whose way back is over: the account and all that belongs to it, each in a transaction of its own. The records
 * keep their pseudonyms, so that the chain still verifies; the addresses are free again; the id is never given anew,
 * since ids are drawn from 128 bits. -> how many were erased.
 */
export async function eraseLeavers(deps: Deps): Promise<number> {
  const { database, clock } = deps;
  let erased = 0;
  for (;;) {
    const due = await listDue(database.db, clock.now(), AT_ONCE);
    for (const id of due) {
      const addresses = await database.transaction((tx) => erase(tx, deps, id));
      if (addresses === null) continue;
      erased += 1;
      await forgetMailsTo(deps, addresses);
    }
    if (due.length < AT_ONCE) return erased;
  }
}

/** -> the addresses that they had; null where the deletion had been called off, and perhaps asked for anew. */
async function erase(tx: Tx, deps: Deps, id: string): Promise<readonly string[] | null> {
  const account = await lockAccount(tx, id);
  if (!account) return null;
  const deletion = await findDeletion(tx, account);
  if (!deletion) await dropDeletion(tx, id);
  if (!deletion || deletion.erase_at > deps.clock.now()) return null;
  const addresses = await listAddresses(tx, id);
  await deleteAccountRow(tx, id);
  await record(tx, nowhere(deps.clock.now()), { event: 'account.erased', subject: account, actor: 'system' });
  await sayGoodbye(tx, deps, account);
  return addresses.map(({ address }) => address);
}

/** To the main address, once more; the outbox forgets whom it was for when it is through. */
async function sayGoodbye(tx: Tx, { config, outbox }: Deps, account: Account): Promise<void> {
  const locale = localeOf(account) ?? 'en';
  const { subject, body } = noticeWords[locale].erased;
  const mail = letter(config, { locale, subject, name: account.name, paragraphs: body(config.brand) });
  await outbox.enqueue(tx, {
    channel: 'mail',
    kind: 'letter/account_erased',
    accountId: null,
    message: { to: { name: account.name, address: account.email }, ...mail },
  });
}
