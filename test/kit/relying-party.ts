import * as client from 'openid-client';
import type { App } from '../../src/app.ts';
import { nowhere } from '../../src/audit/place.ts';
import { createClient } from '../../src/clients/change-clients.ts';
import { type ClientKind, type ClientSettings, NO_SETTINGS } from '../../src/clients/client.ts';
import { type Browser, type Page, textOf } from './browser.ts';
import type { House } from './house.ts';

export const CALLBACK = 'https://app.example.org/callback';

/** Registers an app as an administrator would. */
export function registerApp(
  { app }: Pick<House, 'app'>,
  settings: Partial<ClientSettings> = {},
  { kind = 'oidc' as ClientKind, isPublic = false } = {},
) {
  const { deps } = app;
  const place = nowhere(deps.clock.now());
  return createClient(deps, { place, actor: 'operator' }, kind, isPublic, {
    ...NO_SETTINGS,
    name: 'Wiki',
    redirectUris: kind === 'oidc' ? [CALLBACK] : [],
    ...settings,
  });
}

/** An app that speaks OpenID Connect with a house by openid-client; its requests never touch a network. */
export async function openRelyingParty(
  { app }: { readonly app: App },
  { clientId, clientSecret }: { clientId: string; clientSecret: string | null },
  auth?: client.ClientAuth,
): Promise<client.Configuration> {
  const { baseUrl } = app.deps.config;
  const fetchHere = fetchThrough(app);
  return client.discovery(
    new URL(baseUrl),
    clientId,
    clientSecret ?? undefined,
    auth ?? (clientSecret === null ? client.None() : undefined),
    {
      execute: [client.allowInsecureRequests],
      [client.customFetch]: fetchHere,
    },
  );
}

/** What an app's own requests are answered with, without a socket. */
export function fetchThrough({ server }: App): client.CustomFetch {
  return async (url, { method, headers, body }) => {
    const { pathname, search } = new URL(url);
    const answer = await server.inject({
      method: method as 'GET',
      url: pathname + search,
      headers: headers as Record<string, string>,
      ...(body == null ? {} : { payload: String(body) }),
    });
    const sent = Object.entries(answer.headers).map(
      ([name, value]) => [name, String(value)] as [string, string],
    );
    const empty = answer.statusCode === 204 || answer.statusCode === 304;
    return new Response(empty ? null : answer.body, { status: answer.statusCode, headers: sent });
  };
}

/** Whether an access token is still worth something. */
export async function seesUserInfo({ app }: { readonly app: App }, token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  const address = 'http://localhost:3000/oidc/userinfo';
  const { status } = await fetchThrough(app)(address, { method: 'GET', headers } as never);
  if (status !== 200 && status !== 401) throw new Error(`the user's info answered ${status}`);
  return status === 200;
}

export interface Asked {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  /** The path and query of the authorization request. */
  readonly path: string;
}

/** Begins a sign-in: PKCE, state and nonce, as every app does. */
export async function ask(
  config: client.Configuration,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Asked> {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: 'openid profile email',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...parameters,
  });
  return { verifier, state, nonce, path: url.pathname + url.search };
}

/** Redeems what came back. Checks what openid-client checks. */
export function redeem(
  config: client.Configuration,
  location: string,
  { verifier, state, nonce }: Asked,
  checks: Partial<client.AuthorizationCodeGrantChecks> = {},
) {
  return client.authorizationCodeGrant(config, new URL(location), {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
    ...checks,
  });
}

/** Redirects on this origin, until a page or another origin. -> the last answer, and where it leads if anywhere */
export async function follow(browser: Browser, path: string): Promise<Page> {
  let page = await browser.get(path);
  for (let steps = 0; page.status === 303 && page.location.startsWith('/'); steps++) {
    if (steps > 8) throw new Error(`redirected in circles: ${page.location}`);
    page = await browser.get(page.location);
  }
  return page;
}

/** Where the page's form leads that asks something on an app's behalf. @throws when it asks nothing */
export function interactionOf({ status, body }: Page): string {
  const action = /<form method="post" action="(\/oidc\/interaction\/[\w-]+)"/.exec(body)?.[1];
  if (!action) throw new Error(`nothing to decide here: ${status} ${textOf(body)}`);
  return action;
}

/** Presses a button of the page that waits for an answer. */
export async function decide(browser: Browser, page: Page, decision: string): Promise<Page> {
  const action = interactionOf(page);
  const shownTo = decision === 'allow' || decision === 'continue' ? { account: page.field('account') } : {};
  const answer = await browser.post(action, { decision, ...shownTo });
  return answer.status === 303 && answer.location.startsWith('/') ? follow(browser, answer.location) : answer;
}

/** Signed in already, and allows what is asked for if that is asked. -> where the app is answered */
export async function visitApp(browser: Browser, asked: Asked): Promise<string> {
  let page = await follow(browser, asked.path);
  if (page.status === 200 && page.body.includes('value="allow"')) page = await decide(browser, page, 'allow');
  if (page.status !== 303) throw new Error(`no answer for the app: ${page.status} ${textOf(page.body)}`);
  return page.location;
}
