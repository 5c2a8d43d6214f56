import type { Account } from '../accounts/account.ts';
import { listAccountsAfter } from '../accounts/store.ts';
import type { Db, Tx } from '../database/open.ts';
import { isPostgres } from '../database/prepared.ts';

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

/**
 * Who administers, and stays so until this transaction ends: of two commands that each suspend one of the last two
 * administrators, the second must see what the first did.
 */
export async function lockAdministrators(tx: Tx): Promise<string[]> {
  const query = tx
    .selectFrom('account')
    .select('id')
    .where('roles', 'like', '%admin%')
    .where('suspended_at', 'is', null)
    .orderBy('id');
  const rows = await (isPostgres(tx) ? query.forUpdate() : query).execute();
  return rows.map(({ id }) => id);
}

export interface PasswordWait {
  /** Wrong passwords from one network, one known browser, or from everywhere together. */
  readonly from: 'network' | 'browser' | 'everywhere';
  /** Epoch milliseconds. */
  readonly until: number;
}

/** The waits that wrong passwords have brought upon an account. */
export async function listPasswordWaits(db: Db, accountId: string, now: number): Promise<PasswordWait[]> {
  const prefix = passwordKeys(accountId);
  const rows = await db
    .selectFrom('throttle')
    .select(['key', 'blocked_until_at'])
    .where('key', '>=', prefix)
    .where('key', '<', `${prefix}\u{10ffff}`)
    .where('blocked_until_at', '>', now)
    .orderBy('key')
    .execute();
  return rows.map(({ key, blocked_until_at }) => {
    const place = key.slice(prefix.length).split('/')[0];
    const from = place === 'network' || place === 'browser' ? place : 'everywhere';
    return { from, until: blocked_until_at as number };
  });
}

/** Under which `accounts/prove-password.ts` counts. */
export function passwordKeys(accountId: string): string {
  return `password/${accountId}/`;
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
