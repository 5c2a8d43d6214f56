import type { Db } from '../database/open.ts';

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

/** Under which `prove-password.ts` counts. */
export function passwordKeys(accountId: string): string {
  return `password/${accountId}/`;
}
