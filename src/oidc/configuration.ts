import type { Client, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { readAddress } from '../accounts/address.ts';
import { API_SCOPES } from '../clients/client.ts';
import type { Deps } from '../deps.ts';
import type { PrivateJwk } from '../kit/key-pair.ts';
import { withReturnTo } from '../web/return-to.ts';
import { adapters } from './adapter.ts';
import { accountFinder } from './claims.ts';
import { exchangeOf } from './exchange.ts';
import { findGrantFor } from './find-grant.ts';
import type { Library } from './library.ts';
import { ACCESS_TOKEN, API_TOKEN, CODE, ID_TOKEN, INTERACTION, OFFLINE_TOKEN } from './lifetimes.ts';
import { PATHS } from './paths.ts';
import { policy } from './policy.ts';
import { formTarget } from './redirect-target.ts';
import { askedLocale, type Params } from './request.ts';
import { PERSONAL_SCOPES, SCOPE_CLAIMS } from './scopes.ts';
import { signerOf } from './signer.ts';

/** Never leaves this process: what it would say stands in our own cookie. */
export const RESUME_COOKIE = 'op-resume';

const seconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000);

export type RenderError = NonNullable<Configuration['renderError']>;

/** Everything that the library could do and that isn't said here is off (R62). */
export function configuration(
  deps: Deps,
  library: Library,
  keys: readonly PrivateJwk[],
  renderError: RenderError,
): Configuration {
  const { config } = deps;
  const api = `${config.baseUrl}/api/v1`;
  const findAccount = accountFinder(deps);
  return {
    adapter: adapters(deps, library),
    jwks: { keys: keys.map((key) => signerOf(library, key)) as never },
    routes: PATHS,
    acrValues: ['pwd', 'mfa', 'phr'],
    scopes: [...PERSONAL_SCOPES, ...API_SCOPES],
    claims: { acr: null, amr: null, auth_time: null, iss: null, sid: null, ...SCOPE_CLAIMS },
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
    extraClientMetadata: { properties: ['kind', 'acr'] },
    clockTolerance: 0,
    pkce: { required: () => true },
    rotateRefreshToken: () => true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    // A token's end is read with the token, from our own session.
    expiresWithSession: async () => false,
    allowOmittingSingleRegisteredRedirectUri: false,
    clientBasedCORS: isOriginOf,
    cookies: { names: { session: 'op', interaction: 'op-interaction', resume: RESUME_COOKIE }, keys: [] },
    discovery: {
      ui_locales_supported: ['en', 'es'],
      claims_locales_supported: undefined,
      service_documentation: undefined,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
      pushedAuthorizationRequests: { enabled: false },
      userinfo: { enabled: true },
      claimsParameter: { enabled: true },
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        // What nobody could use any more isn't active either.
        allowedPolicy: async (ctx, client, token) => {
          const person = (token as { accountId?: string }).accountId;
          if (!isOwn(client, token)) return false;
          return person === undefined || (await findAccount(ctx, person, token as never)) !== undefined;
        },
      },
      revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => isOwn(client, token) },
      // Announced here; the pages and what they do are ours.
      rpInitiatedLogout: { enabled: true },
      backchannelLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: async (ctx, client) => {
          // A program that names no scope gets all that it may have.
          if (client['kind'] === 'api' && !ctx.oidc.params?.['scope'])
            ctx.oidc.params!['scope'] = client.scope;
          if (client['kind'] === 'api') refuseForeignScopes(ctx, client);
          return undefined as never;
        },
        useGrantedResource: async () => false,
        getResourceServerInfo: async (ctx, resource, client) => {
          if (client['kind'] !== 'api' || resource !== api) throw new library.errors.InvalidTarget();
          refuseForeignScopes(ctx, client);
          return { scope: client.scope ?? '', audience: api, accessTokenFormat: 'opaque' };
        },
      },
    },
    ttl: {
      AccessToken: () => seconds(ACCESS_TOKEN),
      AuthorizationCode: () => seconds(CODE),
      ClientCredentials: () => seconds(API_TOKEN),
      Grant: () => seconds(config.lifetimes.sessionMax),
      IdToken: () => seconds(ID_TOKEN),
      Interaction: () => seconds(INTERACTION),
      RefreshToken: (_ctx, token) =>
        seconds(token.scopes.has('offline_access') ? OFFLINE_TOKEN : config.lifetimes.sessionMax),
      Session: () => seconds(config.lifetimes.sessionMax),
    },
    interactions: {
      policy: policy(deps, library),
      url: (ctx, { uid, params }) => {
        const exchange = exchangeOf(ctx);
        const asked = params as Params;
        const target = formTarget(String(asked['redirect_uri']));
        exchange.began = { uid, target, locale: askedLocale(asked) };
        const here = `${PATHS.interaction}/${uid}`;
        if (exchange.who) return here;
        const hint = asked['login_hint']?.trim() ?? '';
        return (
          withReturnTo('/sign-in', here) + (readAddress(hint) ? `&email=${encodeURIComponent(hint)}` : '')
        );
      },
    },
    // An access token says what was proven for it, so that it is worth nothing where more is demanded meanwhile.
    extraTokenClaims: ({ oidc: { entities } }) => {
      const acr = (entities.AuthorizationCode ?? entities.RefreshToken)?.acr;
      return acr === undefined ? undefined : { acr };
    },
    findAccount,
    loadExistingGrant: (ctx) => findGrantFor(deps, ctx),
    renderError,
  };

  /** What it doesn't know the library leaves out; a program would hold a token that is good for nothing (RFC 6749, 5.2). */
  function refuseForeignScopes({ oidc }: KoaContextWithOIDC, client: Client): void {
    const own = new Set(client.scope?.split(' '));
    const foreign = String(oidc.params?.['scope'] ?? '')
      .split(' ')
      .find((scope) => scope !== '' && !own.has(scope));
    if (foreign !== undefined)
      throw new library.errors.InvalidScope('requested scope is not allowed', foreign);
  }
}

/** An app in the browser may call from where it is at home; one with a secret has no business there. */
function isOriginOf(_ctx: KoaContextWithOIDC, origin: string, client: Client): boolean {
  if (client.clientAuthMethod !== 'none') return false;
  return (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin);
}

/** Whose token it is; somebody else's is neither described nor revoked. */
function isOwn(client: Client, token: { clientId?: string | undefined }): boolean {
  return token.clientId === client.clientId;
}
