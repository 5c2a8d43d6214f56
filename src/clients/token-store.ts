import type { Selectable } from 'kysely';
import { countOnCommit } from '../database/count-on-commit.ts';
import type { Db, Tx } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import type { OidcTokenTable } from '../database/tables/oidc.ts';
import type { GrantRow } from './grant-store.ts';

export type TokenRow = Selectable<OidcTokenTable>;

/** A token together with what it rests on. */
export type FoundToken = TokenRow & {
  /** Null: the grant was revoked, or the token has none. */
  readonly offline: number | null;
  readonly grant_scope: string | null;
  readonly grant_claims: string | null;
  readonly grant_expires_at: number | null;
  /** Null: the session has ended, or the token has none. */
  readonly session_last_used_at: number | null;
  readonly session_expires_at: number | null;
  readonly suspended_at: number | null;
};

const insert = prepared<Omit<TokenRow, 'consumed_at'>>()((db, row) =>
  db.insertInto('oidc_token').values({
    hash: row.hash,
    kind: row.kind,
    client_id: row.client_id,
    account_id: row.account_id,
    grant_id: row.grant_id,
    session_id: row.session_id,
    sealed: row.sealed,
    created_at: row.created_at,
    expires_at: row.expires_at,
    consumed_at: null,
  }),
);

export async function insertToken(tx: Tx, row: Omit<TokenRow, 'consumed_at'>): Promise<void> {
  await insert.count(tx, row);
  countOnCommit(tx, 'tokens', { kind: row.kind });
}

const find = prepared<{ hash: string }>()((db, { hash }) =>
  db
    .selectFrom('oidc_token')
    .leftJoin('oidc_grant', 'oidc_grant.id', 'oidc_token.grant_id')
    .leftJoin('session', 'session.id', 'oidc_token.session_id')
    .leftJoin('account', 'account.id', 'oidc_token.account_id')
    .selectAll('oidc_token')
    .select([
      'oidc_grant.offline',
      'oidc_grant.scope as grant_scope',
      'oidc_grant.claims as grant_claims',
      'oidc_grant.expires_at as grant_expires_at',
      'session.last_used_at as session_last_used_at',
      'session.expires_at as session_expires_at',
      'account.suspended_at',
    ])
    .where('oidc_token.hash', '=', hash),
);

/** One select for everything that can end a token: it runs with every use of one. */
export async function findToken(db: Db, hash: string): Promise<FoundToken | null> {
  return (await find(db, { hash }))[0] ?? null;
}

/** The grant that came with it; null where it has none. */
export function grantOf(found: FoundToken): GrantRow | null {
  const { grant_id: id, offline, grant_scope, grant_claims, grant_expires_at } = found;
  if (id === null || offline === null) return null;
  return {
    id,
    account_id: found.account_id as string,
    client_id: found.client_id,
    session_id: found.session_id ?? '',
    offline,
    scope: grant_scope ?? '',
    claims: grant_claims ?? '',
    created_at: found.created_at,
    expires_at: grant_expires_at ?? 0,
  };
}

const consume = prepared<{ hash: string; now: number }>()((db, { hash, now }) =>
  db
    .updateTable('oidc_token')
    .set({ consumed_at: now })
    .where('hash', '=', hash)
    .where('consumed_at', 'is', null)
    .where('expires_at', '>', now),
);

/** One winner (R63). */
export async function consumeToken(tx: Tx, hash: string, now: number): Promise<boolean> {
  return (await consume.count(tx, { hash, now })) === 1;
}

export async function deleteToken(tx: Tx, hash: string): Promise<void> {
  await tx.deleteFrom('oidc_token').where('hash', '=', hash).execute();
}

/**
 * Of a person at every app, whichever session gave them, and the codes that would give one: none is renewed without
 * signing in for it again (R5).
 */
export async function deleteRefreshTokens(tx: Tx, accountId: string): Promise<void> {
  const found = tx
    .deleteFrom('oidc_token')
    .where('account_id', '=', accountId)
    .where('kind', 'in', ['RefreshToken', 'AuthorizationCode']);
  // On PostgreSQL it waits for who redeems one at this moment, but does not see what that one was given.
  while ((await found.executeTakeFirst()).numDeletedRows > 0);
}
