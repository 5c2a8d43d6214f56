import type { Client } from '../clients/client.ts';
import { findClient } from '../clients/store.ts';
import type { Deps } from '../deps.ts';
import { verifyJwt } from '../kit/jwt.ts';
import { loadSigningKeys } from './signing-keys.ts';

export interface AskedToSignOut {
  readonly client_id?: string | undefined;
  readonly id_token_hint?: string | undefined;
  readonly post_logout_redirect_uri?: string | undefined;
  readonly state?: string | undefined;
}

export interface LogoutRequest {
  /** Null: nobody says which app asks. */
  readonly client: Client | null;
  /** Where to go afterwards, with the app's state; null: our own page. */
  readonly next: string | null;
}

/**
 * Which app asks, by its id or by an ID token that we gave it, however old; and where it wants its person afterwards
 * (RP-Initiated Logout 1.0). Null where the two contradict, or the address is not one that it registered: then nobody is
 * led anywhere.
 */
export async function readLogoutRequest(deps: Deps, asked: AskedToSignOut): Promise<LogoutRequest | null> {
  const hinted = asked.id_token_hint === undefined ? null : await audienceOf(deps, asked.id_token_hint);
  if (hinted !== null && asked.client_id !== undefined && asked.client_id !== hinted) return null;
  const id = asked.client_id ?? hinted;
  const client = id === null ? null : await findClient(deps.database.db, id);
  const address = asked.post_logout_redirect_uri;
  if (address === undefined) return { client, next: null };
  if (!client?.postLogoutRedirectUris.includes(address)) return null;
  const next = new URL(address);
  if (asked.state !== undefined) next.searchParams.set('state', asked.state);
  return { client, next: next.href };
}

/** Null for a token that we did not sign, or whose key is forgotten. */
async function audienceOf(deps: Deps, idToken: string): Promise<string | null> {
  const claims = verifyJwt(await loadSigningKeys(deps), idToken);
  if (claims?.['iss'] !== deps.config.baseUrl) return null;
  return typeof claims['aud'] === 'string' ? claims['aud'] : null;
}
