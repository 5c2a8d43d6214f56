import type { ClientMetadata } from 'oidc-provider';
import { acrOf, type Client } from '../clients/client.ts';
import type { ClientWithSecret } from '../clients/store.ts';
import { PERSONAL_SCOPES } from './scopes.ts';

/**
 * An app as the library describes it. The secret's hash stands where the secret would: what is sent is hashed before it is
 * compared, and nothing is ever signed or encrypted with it.
 */
export function metadataOf(
  { secretHash, ...client }: ClientWithSecret,
  tryUri: string,
  now: number,
): ClientMetadata {
  const common = {
    client_id: client.id,
    client_name: client.name,
    token_endpoint_auth_method: secretHash === null ? ('none' as const) : ('client_secret_basic' as const),
    ...(secretHash === null ? {} : { client_secret: secretHash }),
    // Ours; the library hands them through.
    kind: client.kind,
    acr: acrOf(client, now),
  };
  if (client.kind === 'api') {
    return {
      ...common,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      scope: client.scopes.join(' '),
    };
  }
  return {
    ...common,
    application_type: isNative(client) ? 'native' : 'web',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    // Where an administrator tries a sign-in to the app, on our own origin.
    redirect_uris: [...client.redirectUris, tryUri],
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    scope: PERSONAL_SCOPES.join(' '),
    ...(client.backchannelLogoutUri === null
      ? {}
      : {
          backchannel_logout_uri: client.backchannelLogoutUri,
          backchannel_logout_session_required: true,
        }),
  };
}

/**
 * On somebody's own machine: it listens on a port that is free at that moment, or has a scheme of its own (RFC 8252).
 * Anybody can claim to be such an app, so its people are asked every time.
 */
export function isNative({ isPublic, redirectUris }: Pick<Client, 'isPublic' | 'redirectUris'>): boolean {
  return isPublic && redirectUris.every((uri) => !uri.startsWith('https:'));
}
