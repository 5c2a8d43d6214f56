import type { Selectable } from 'kysely';
import type { Account } from '../accounts/account.ts';
import type { Db, Tx } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import type { TrustedBrowserTable } from '../database/tables/sign-in.ts';
import type { Deps } from '../deps.ts';
import { tokenHash } from '../kit/encoding.ts';
import { newId, newToken } from '../kit/random.ts';
import { policyValue, trustedSince } from '../policy/values.ts';
import type { SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';

/** "Don't ask again in this browser": a record here and a cookie there; never a step-up, never more than acr `pwd` (R37). */
export type TrustedBrowser = Selectable<TrustedBrowserTable>;

const holding = prepared<{ accountId: string; version: number; since: number; now: number }>()(
  (db, { accountId, version, since, now }) =>
    db
      .selectFrom('trusted_browser')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('security_version', '=', version)
      .where('created_at', '>', since)
      .where('expires_at', '>', now)
      .orderBy('created_at', 'desc'),
);

/**
 * What still holds: neither run out, nor older than the account's last security change or the last time that it was
 * forbidden. Newest first.
 */
export async function listTrustedBrowsers(
  db: Db,
  account: Pick<Account, 'id' | 'security_version'>,
  now: number,
): Promise<TrustedBrowser[]> {
  const { id: accountId, security_version: version } = account;
  return holding(db, { accountId, version, since: await trustedSince(db), now });
}

/** Unless administrators forbid it. */
export async function mayTrustBrowsers(db: Db): Promise<boolean> {
  return (await policyValue(db, 'trusted_browsers')) === 'allowed';
}

/** This browser's trust for this account, if it has one. */
export async function findTrustedBrowser(
  db: Db,
  visit: Visit,
  account: Pick<Account, 'id' | 'security_version'>,
): Promise<TrustedBrowser | null> {
  const token = visit.cookies['trusted'];
  if (!token || !(await mayTrustBrowsers(db))) return null;
  const hash = tokenHash(token);
  const all = await listTrustedBrowsers(db, account, visit.now);
  return all.find(({ token_hash }) => token_hash === hash) ?? null;
}

/** In the transaction that signs in: false when it was revoked, or the account changed, a moment ago. */
export async function useTrustedBrowser(
  tx: Tx,
  id: string,
  account: Pick<Account, 'id' | 'security_version'>,
  { now, network, browser }: Visit,
): Promise<boolean> {
  const result = await tx
    .updateTable('trusted_browser')
    .set({ last_used_at: now, network, browser })
    .where('id', '=', id)
    .where('account_id', '=', account.id)
    .where('security_version', '=', account.security_version)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** A new token, never one that a client sent (R36). Others who share this browser keep their trust under it. */
export async function trustBrowser(
  tx: Tx,
  { random, config }: Pick<Deps, 'random' | 'config'>,
  visit: Visit,
  account: Pick<Account, 'id' | 'security_version'>,
): Promise<SetCookie> {
  const token = newToken(random);
  const before = visit.cookies['trusted'];
  if (before) {
    const sent = tx.updateTable('trusted_browser').where('token_hash', '=', tokenHash(before));
    await sent
      .set({ token_hash: tokenHash(token) })
      .where('account_id', '!=', account.id)
      .execute();
    await tx
      .deleteFrom('trusted_browser')
      .where('token_hash', '=', tokenHash(before))
      .where('account_id', '=', account.id)
      .execute();
  }
  const { trustedBrowserMax } = config.lifetimes;
  await tx
    .insertInto('trusted_browser')
    .values({
      id: newId(random),
      token_hash: tokenHash(token),
      account_id: account.id,
      security_version: account.security_version,
      browser: visit.browser,
      network: visit.network,
      created_at: visit.now,
      last_used_at: visit.now,
      expires_at: visit.now + trustedBrowserMax,
    })
    .execute();
  return { name: 'trusted', value: token, maxAge: Math.ceil(trustedBrowserMax / 1000) };
}

/** Every browser of the account is asked again. */
export async function endTrust(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('trusted_browser').where('account_id', '=', accountId).execute();
}

/** False when it is not theirs or already gone. */
export async function removeTrustedBrowser(tx: Tx, accountId: string, id: string): Promise<boolean> {
  const result = await tx
    .deleteFrom('trusted_browser')
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}
