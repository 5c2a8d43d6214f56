import type { Deps } from '../deps.ts';
import { tokenHash } from '../kit/encoding.ts';
import type { ApiScope } from './client.ts';
import { findClient } from './store.ts';
import { findToken } from './token-store.ts';

/** A program that acts for itself, by a token from the client credentials grant. */
export interface Bearer {
  readonly clientId: string;
  readonly name: string;
  readonly scopes: readonly ApiScope[];
}

/**
 * Whose token this is; null for one that is unknown, too old, or of another kind: what an app holds for a person opens
 * nothing here. A scope that was taken from the program since counts no longer.
 */
export async function findBearer(
  { database: { db }, clock, seal }: Pick<Deps, 'database' | 'clock' | 'seal'>,
  token: string,
): Promise<Bearer | null> {
  const hash = tokenHash(token);
  const found = await findToken(db, hash);
  if (found?.kind !== 'ClientCredentials' || found.expires_at <= clock.now()) return null;
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
