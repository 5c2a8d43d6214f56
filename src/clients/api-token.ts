import type { Deps } from '../deps.ts';
import { tokenHash } from '../kit/encoding.ts';
import type { ApiScope } from './client.ts';
import { findClient } from './store.ts';
import { findToken } from './token-store.ts';

export interface ApiToken {
  readonly clientId: string;
  /** The program's, for the mails that say who did something. */
  readonly name: string;
  readonly scopes: readonly ApiScope[];
}

/**
 * A token of the client credentials grant (RFC 6749, 4.4); null for any other and for one whose time is over. Never
 * beyond what the client may do today: a scope that was taken from it is gone from its tokens too.
 */
export async function findApiToken(
  { database: { db }, seal }: Pick<Deps, 'database' | 'seal'>,
  token: string,
  now: number,
): Promise<ApiToken | null> {
  const hash = tokenHash(token);
  const found = await findToken(db, hash);
  if (found?.kind !== 'ClientCredentials' || found.expires_at <= now) return null;
  const client = await findClient(db, found.client_id);
  if (client?.kind !== 'api') return null;
  const { scope = '' } = JSON.parse(seal.open('oidc', hash, found.sealed)) as { scope?: string };
  const given = scope.split(' ');
  return {
    clientId: client.id,
    name: client.name,
    scopes: client.scopes.filter((one) => given.includes(one)),
  };
}
