import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { HOUR } from '../kit/clock.ts';
import { tokenHash } from '../kit/encoding.ts';
import { newToken } from '../kit/random.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Levels } from '../sessions/require.ts';
import { forget, page, seeOther } from '../web/answer.ts';
import { type Assets, serveAsset } from '../web/assets.ts';
import type { CookieName } from '../web/cookie-names.ts';
import { readCookies } from '../web/cookies.ts';
import { isOwnOrigin } from '../web/origin-check.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { OWN_PATH, pathToReturn } from './asked-rules.ts';
import type { Checker } from './check.ts';
import { APP_COOKIE, BEGIN_COOKIE, type Hosts } from './host-of.ts';
import { failedPage, HOST_STYLE, signedOutPage, signOutPage } from './host-pages.ts';
import { deletePresence } from './store.ts';
import { redeemTicket } from './ticket.ts';

/** Somebody may have to set up a second factor on the way. */
const BEGIN_LIFETIME = HOUR;

/** What the protected host routes here from `/.countersign/`: the cookies set by these answers are that host's. */
export function hostRoutes(
  deps: Deps,
  site: Site,
  levels: Levels,
  assets: Assets,
  hosts: Hosts,
  check: Checker,
): Route[] {
  const { everyone: level } = levels;
  const cookieOf = (
    headers: Readonly<Record<string, string | undefined>>,
    name: CookieName,
    secure: boolean,
  ) => readCookies(headers['cookie'], secure)[name];

  return [
    route({
      method: 'GET',
      path: '/forward-auth/begin',
      level,
      query: z.object({ rd: z.string().catch('/') }),
      async handle(call) {
        const { asked, secure } = await hosts.find(call);
        // The same one again for a second tab: both may be under way.
        const value = cookieOf(call.headers, BEGIN_COOKIE, secure) ?? newToken(deps.random);
        const rd = asked.origin + pathToReturn(call.query.rd);
        const query = new URLSearchParams({ rd, state: tokenHash(value) });
        return seeOther(`${deps.config.baseUrl}/forward-auth/start?${query}`, {
          cookies: [{ name: BEGIN_COOKIE, value, maxAge: BEGIN_LIFETIME / 1000, secure }],
        });
      },
    }),
    route({
      method: 'GET',
      path: '/forward-auth/callback',
      once: true,
      level,
      query: z.object({ ticket: z.string().catch('') }),
      async handle(call) {
        const { visit, headers, query } = call;
        const { asked, client, secure } = await hosts.find(call);
        const begun = cookieOf(headers, BEGIN_COOKIE, secure);
        const redeemed = await redeemTicket(deps, visit, client, { ticket: query.ticket, begun });
        if (!redeemed) {
          if (visit.wantsJson) throw new Refusal('link_invalid');
          return page(failedPage(site, visit), 422);
        }
        // Absolute: a path such as `//evil.example` alone would be another host's address.
        return seeOther(asked.origin + redeemed.path, {
          cookies: [{ name: APP_COOKIE, value: redeemed.token, secure }],
        });
      },
    }),
    route({
      method: 'GET',
      path: '/forward-auth/sign-out',
      level,
      async handle(call) {
        const { asked, client, secure } = await hosts.find(call);
        const token = cookieOf(call.headers, APP_COOKIE, secure);
        const { kind } = await check(call.visit, asked.origin, token);
        const shown = kind === 'sign-in' ? signedOutPage : signOutPage;
        return page(shown(site, call.visit, client.name));
      },
    }),
    route({
      method: 'POST',
      path: '/forward-auth/sign-out',
      level,
      // From the protected host's own page: its origin is checked below, in place of ours.
      crossSite: true,
      async handle(call) {
        const origin = hosts.asked(call)?.origin ?? deps.config.baseUrl;
        if (!isOwnOrigin(call.headers, origin)) throw new Refusal('wrong_origin');
        const { secure } = await hosts.find(call);
        const token = cookieOf(call.headers, APP_COOKIE, secure);
        if (token) await deps.database.transaction((tx) => deletePresence(tx, tokenHash(token)));
        const gone = forget(APP_COOKIE, BEGIN_COOKIE).map((cookie) => ({ ...cookie, secure }));
        return seeOther(`${OWN_PATH}/sign-out`, { cookies: gone });
      },
    }),
    route({
      method: 'GET',
      path: `/forward-auth/${HOST_STYLE}`,
      level,
      async handle({ visit }) {
        const style = serveAsset(assets, assets.asset('style.css'), visit.acceptEncoding);
        if (!style) throw new Refusal('not_found');
        // Under a name that does not change with its content.
        return { ...style, headers: { ...style.headers, 'cache-control': 'public, max-age=3600' } };
      },
    }),
  ];
}
