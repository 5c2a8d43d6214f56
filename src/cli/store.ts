import type { Account } from '../accounts/account.ts';
import { listAccountsAfter } from '../accounts/store.ts';
import type { Db } from '../database/open.ts';

const PAGE = 500;

/** Every account, by address, a page at a time: there may be a million. */
export async function* eachAccount(db: Db): AsyncGenerator<Account, void, void> {
  let last = '';
  for (;;) {
    const rows = await listAccountsAfter(db, last, PAGE);
    for (const { address_key, ...account } of rows) {
      yield account;
      last = address_key;
    }
    if (rows.length < PAGE) return;
  }
}

/** Mails queued since then that are due and not through. */
export async function countUnsent(db: Db, since: number, now: number): Promise<number> {
  const { count } = await db
    .selectFrom('outbox')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('channel', '=', 'mail')
    .where('created_at', '>=', since)
    .where('sent_at', 'is', null)
    // What failed is due again later; what is planned for later is not late.
    .where((eb) => eb.or([eb('attempts', '>', 0), eb('due_at', '<=', now)]))
    .executeTakeFirstOrThrow();
  return Number(count);
}
