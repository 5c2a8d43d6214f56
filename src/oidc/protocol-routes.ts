import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import type { Levels } from '../sessions/require.ts';
import type { SignedIn } from '../sessions/session.ts';
import { type Answer, seeOther } from '../web/answer.ts';
import { type Call, type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { RESUME_COOKIE } from './configuration.ts';
import { complain } from './error-page.ts';
import { beginExchange } from './exchange.ts';
import { findOwnInteraction, isResultOf } from './interaction.ts';
import { DISCOVERY, PATHS } from './paths.ts';
import { createHandler } from './provider.ts';

/** Addresses for programs: called with a secret, a token or nothing, and never by cookie. */
const FOR_PROGRAMS: readonly (readonly [Route['method'], string])[] = [
  ['GET', DISCOVERY],
  ['GET', '/.well-known/oauth-authorization-server'],
  ['GET', PATHS.jwks],
  ['POST', PATHS.token],
  ['GET', PATHS.userinfo],
  ['POST', PATHS.userinfo],
  ['POST', PATHS.revocation],
  ['POST', PATHS.introspection],
];

/** For who asks what an address takes, and is no browser that asks for a page (RFC 9110, 9.3.7). */
function methodsAt(path: string): string {
  const methods = FOR_PROGRAMS.filter(([, at]) => at === path).flatMap(([method]) =>
    method === 'GET' ? ['GET', 'HEAD'] : [method],
  );
  return [...methods, 'OPTIONS'].join(', ');
}

/** What the library answers. Its paths are ours, its requests pass our router, and no cookie is its own. */
export function protocolRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  const base = new URL(deps.config.baseUrl);
  const handler = createHandler(deps, site);

  /** `ended`: the interaction whose result this request brings to its app. */
  async function relay(
    { visit, upload }: Pick<Call<unknown, unknown, unknown>, 'visit' | 'upload'>,
    who: SignedIn | null,
    ended: string | null = null,
  ): Promise<Answer> {
    const answer = await handler();
    const request = upload.stream as IncomingMessage;
    beginExchange(request, { visit, who, ended });
    // Addresses are made of these, and never of what was sent (A44).
    request.headers.host = base.host;
    request.headers['x-forwarded-proto'] = base.protocol.slice(0, -1);
    delete request.headers['x-forwarded-host'];
    request.headers.cookie = ended === null ? '' : `${RESUME_COOKIE}=${ended}`;
    return { status: 200, cookies: [], headers: {}, body: (response) => answer(request, response) };
  }

  return [
    ...FOR_PROGRAMS.map(([method, path]) =>
      route({
        method,
        path,
        level: levels.everyone,
        takes: 'untouched',
        crossSite: true,
        handle: (call) => relay(call, null),
      }),
    ),
    // What browsers ask before they let a page of another site call (CORS).
    ...[...new Set(FOR_PROGRAMS.map(([, path]) => path))].map((path) =>
      route({
        method: 'OPTIONS',
        path,
        level: levels.everyone,
        takes: 'untouched',
        crossSite: true,
        async handle(call) {
          if (call.headers['access-control-request-method'] !== undefined) return relay(call, null);
          return { status: 204, cookies: [], headers: { allow: methodsAt(path) }, body: null };
        },
      }),
    ),
    route({
      method: 'GET',
      path: PATHS.authorization,
      // A code goes to who follows the redirect.
      once: true,
      level: levels.anyone,
      takes: 'untouched',
      handle: (call) => relay(call, call.who),
    }),
    // OpenID Connect Core 3.1.2.1 wants POST too. Such a form comes without our cookies: asked once more in the way
    // that has them.
    route({
      method: 'POST',
      path: PATHS.authorization,
      level: levels.everyone,
      crossSite: true,
      body: z.record(z.string(), z.string('malformed')),
      handle: async ({ body }) => seeOther(`${PATHS.authorization}?${new URLSearchParams(body)}`),
    }),
    route({
      method: 'GET',
      path: `${PATHS.authorization}/:uid`,
      once: true,
      level: levels.signedIn,
      takes: 'untouched',
      async handle(call) {
        const { visit, who, params } = call;
        const interaction = await findOwnInteraction(deps, visit, params['uid'] ?? '');
        if (!interaction) return complain(site, visit, 'ended');
        // Somebody else is signed in by now, or anew: what was found out before says nothing of them (R66).
        if (!isResultOf(interaction, who)) return seeOther(`${PATHS.interaction}/${interaction.uid}`);
        return relay(call, who, interaction.uid);
      },
    }),
  ];
}
