import type { Db, Tx } from '../database/open.ts';
import type { StoreLinkTable } from '../database/tables/app-store.ts';

export interface NewLink {
  readonly tokenHash: string;
  readonly purpose: StoreLinkTable['purpose'];
  readonly buildId: string;
  readonly sessionId: string;
}

export async function insertLink(tx: Tx, link: NewLink, now: number, lifetime: number): Promise<void> {
  await tx
    .insertInto('store_link')
    .values({
      token_hash: link.tokenHash,
      purpose: link.purpose,
      build_id: link.buildId,
      session_id: link.sessionId,
      created_at: now,
      expires_at: now + lifetime,
      used_at: null,
    })
    .execute();
}

/** A link that nobody has used yet, with the session that it lives and dies with and what it is for. */
export async function findLink(
  db: Db,
  tokenHash: string,
  purpose: StoreLinkTable['purpose'],
  now: number,
): Promise<{
  readonly sessionTokenHash: string;
  readonly sessionId: string;
  readonly slug: string;
  readonly buildId: string;
} | null> {
  const row = await db
    .selectFrom('store_link')
    .innerJoin('session', 'session.id', 'store_link.session_id')
    .innerJoin('build', 'build.id', 'store_link.build_id')
    .innerJoin('app', 'app.id', 'build.app_id')
    .select(['session.token_hash', 'session.id as session_id', 'app.slug', 'build.id as build_id'])
    .where('store_link.token_hash', '=', tokenHash)
    .where('store_link.purpose', '=', purpose)
    .where('store_link.used_at', 'is', null)
    .where('store_link.expires_at', '>', now)
    .executeTakeFirst();
  if (!row) return null;
  const { token_hash, session_id, slug, build_id } = row;
  return { sessionTokenHash: token_hash, sessionId: session_id, slug, buildId: build_id };
}

/** One caller wins. */
export async function spendLink(tx: Tx, tokenHash: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('store_link')
    .set({ used_at: now })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
