import type { Selectable } from 'kysely';
import type { Db, Tx } from '../database/open.ts';
import type { LinkPurpose, LinkTable } from '../database/tables/account.ts';
import type { Deps } from '../deps.ts';
import { tokenHash } from '../kit/encoding.ts';
import { newId, newToken } from '../kit/random.ts';

export type Link = Selectable<LinkTable>;

export interface NewLink {
  readonly purpose: LinkPurpose;
  readonly accountId: string | null;
  readonly address?: string;
  readonly data?: Readonly<Record<string, string>>;
  /** Dies with the next security change where given (R43). */
  readonly securityVersion?: number;
  /** Milliseconds. */
  readonly lifetime: number;
  /** Voids the older links of this purpose and account. */
  readonly voidsOlder?: boolean;
}

/** Makes a one-time link. -> its token of 256 bits, of which only the hash is stored (R43). */
export async function makeLink(
  tx: Tx,
  { random, clock }: Pick<Deps, 'random' | 'clock'>,
  link: NewLink,
): Promise<string> {
  const now = clock.now();
  if (link.voidsOlder && link.accountId !== null) await voidLinks(tx, link.accountId, link.purpose);
  const token = newToken(random);
  await tx
    .insertInto('link')
    .values({
      id: newId(random),
      token_hash: tokenHash(token),
      purpose: link.purpose,
      account_id: link.accountId,
      address: link.address ?? null,
      data: JSON.stringify(link.data ?? {}),
      security_version: link.securityVersion ?? null,
      created_at: now,
      expires_at: now + link.lifetime,
      used_at: null,
    })
    .execute();
  return token;
}

/** Looks without spending: opening a link must cost nothing, since mail scanners open them too (R43). */
export async function findLink(
  db: Db,
  purpose: LinkPurpose,
  token: string,
  now: number,
): Promise<Link | null> {
  if (!/^[\w-]{43}$/.test(token)) return null;
  const row = await db
    .selectFrom('link')
    .selectAll()
    .where('token_hash', '=', tokenHash(token))
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row ?? null;
}

/** The newest link of an account that still works, whoever holds its token; null for none. */
export async function findOpenLink(
  db: Db,
  purpose: LinkPurpose,
  { id, security_version }: { id: string; security_version: number },
  now: number,
): Promise<Link | null> {
  const row = await db
    .selectFrom('link')
    .selectAll()
    .where('account_id', '=', id)
    .where('purpose', '=', purpose)
    .where((eb) => eb.or([eb('security_version', 'is', null), eb('security_version', '=', security_version)]))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .executeTakeFirst();
  return row ?? null;
}

/** Spends the link: one caller wins. */
export async function claimLink(tx: Tx, id: string, now: number): Promise<boolean> {
  const result = await tx
    .updateTable('link')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function voidLinks(tx: Tx, accountId: string, purpose: LinkPurpose): Promise<void> {
  await tx.deleteFrom('link').where('account_id', '=', accountId).where('purpose', '=', purpose).execute();
}

export function linkData(link: Link): Record<string, string> {
  return JSON.parse(link.data) as Record<string, string>;
}
