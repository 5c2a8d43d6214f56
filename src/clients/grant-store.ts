import type { Selectable } from 'kysely';
import type { Db, Tx } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import type { OidcGrantTable } from '../database/tables/oidc.ts';

export type GrantRow = Selectable<OidcGrantTable>;

const byId = prepared<{ id: string }>()((db, { id }) =>
  db.selectFrom('oidc_grant').selectAll().where('id', '=', id),
);

export async function findGrant(db: Db, id: string): Promise<GrantRow | null> {
  return (await byId(db, { id }))[0] ?? null;
}

/** Those of one session at one app that end with it, newest first. */
export async function listSessionGrants(
  db: Db,
  { sessionId, clientId, now }: { sessionId: string; clientId: string; now: number },
): Promise<GrantRow[]> {
  return db
    .selectFrom('oidc_grant')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('client_id', '=', clientId)
    .where('offline', '=', 0)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .execute();
}

export async function insertGrant(tx: Tx, grant: GrantRow): Promise<void> {
  await tx.insertInto('oidc_grant').values(grant).execute();
}

/** With all that rests on it. -> whose it was; null when it is gone already */
export async function revokeGrant(
  tx: Tx,
  id: string,
): Promise<Pick<GrantRow, 'account_id' | 'client_id'> | null> {
  const revoked = await tx
    .deleteFrom('oidc_grant')
    .where('id', '=', id)
    .returning(['account_id', 'client_id'])
    .executeTakeFirst();
  await tx.deleteFrom('oidc_token').where('grant_id', '=', id).execute();
  return revoked ?? null;
}

/** Everything that an app holds of a person: grants, codes, refresh and access tokens. */
export async function revokeGrantsOf(tx: Tx, accountId: string, clientId: string): Promise<void> {
  for (const table of ['oidc_grant', 'oidc_token'] as const)
    await tx
      .deleteFrom(table)
      .where('account_id', '=', accountId)
      .where('client_id', '=', clientId)
      .execute();
}

/** Everything that outlives its session, of every app; `exceptSessionId` keeps what was given in that one (R5). */
export async function revokeAllGrants(
  tx: Tx,
  accountId: string,
  exceptSessionId: string | null,
): Promise<void> {
  let query = tx.deleteFrom('oidc_grant').where('account_id', '=', accountId);
  if (exceptSessionId !== null) query = query.where('session_id', '!=', exceptSessionId);
  // Their tokens count no longer, and are forgotten when their time is over.
  await query.execute();
}
