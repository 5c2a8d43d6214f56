import type { Deps } from '../deps.ts';
import { tokenHash } from '../kit/encoding.ts';
import type { ApiScope } from './client.ts';
import { findClient } from './store.ts';

export interface ApiToken {
  readonly clientId: string;
  readonly scopes: readonly ApiScope[];
}

/** Not beyond what the client may do today: a scope that was taken from it is gone from its tokens too. */
export async function findApiToken(deps: Deps, token: string, now: number): Promise<ApiToken | null> {
  const { db } = deps.database;
  const row = await db
    .selectFrom('oidc_token')
    .select(['client_id', 'sealed'])
    .where('hash', '=', tokenHash(token))
    .where('kind', '=', 'ClientCredentials')
    .where('expires_at', '>', now)
    .executeTakeFirst();
  const client = row ? await findClient(db, row.client_id) : null;
  if (!row || client?.kind !== 'api') return null;
  return { clientId: client.id, scopes: client.scopes };
}
