import { findApiToken } from '../clients/api-token.ts';
import type { ApiScope } from '../clients/client.ts';
import { findClient } from '../clients/store.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Level } from '../web/route.ts';

export interface ApiClient {
  readonly clientId: string;
  readonly name: string;
}

/**
 * A program with a token of the client credentials grant that has this scope (RFC 6750). A session's cookie opens
 * nothing here, and neither does anything that a person holds. @throws {Refusal} token_required, scope_missing
 */
export function bearerLevel(deps: Deps, scope: ApiScope): Level<ApiClient> {
  return {
    name: `bearer ${scope}`,
    async admit(visit) {
      const token = /^Bearer ([\w.~+/-]{1,400}=*)$/i.exec(visit.authorization ?? '')?.[1];
      const found = token === undefined ? null : await findApiToken(deps, token, visit.now);
      if (!found) throw new Refusal('token_required');
      if (!found.scopes.includes(scope)) throw new Refusal('scope_missing', { scope });
      return { clientId: found.clientId, name: found.name };
    },
  };
}

/**
 * For what takes long, in the transaction that ends it: the program may have been removed meanwhile, or this taken from
 * it. @throws {Refusal} token_required, scope_missing
 */
export async function assertStillMay(tx: Tx, { clientId }: ApiClient, scope: ApiScope): Promise<void> {
  const client = await findClient(tx, clientId);
  if (client?.kind !== 'api') throw new Refusal('token_required');
  if (!client.scopes.includes(scope)) throw new Refusal('scope_missing', { scope });
}
