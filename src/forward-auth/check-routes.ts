import { Refusal } from '../kit/refusal.ts';
import type { Levels } from '../sessions/require.ts';
import { type Answer, json, page } from '../web/answer.ts';
import { readCookies } from '../web/cookies.ts';
import { type Call, type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { refusalSentence } from '../words/refusals.ts';
import { type Asked, isNavigation, OWN_PATH } from './asked-rules.ts';
import type { Checker } from './check.ts';
import { APP_COOKIE, type Hosts, isSecure } from './host-of.ts';
import { closedHostPage, unknownHostPage } from './host-pages.ts';
import type { Presence } from './store.ts';

type CheckCall = Call<null, unknown, unknown>;

/** What a proxy asks before it lets a request through: 200 with who it is, or why not. */
export function checkRoutes(site: Site, levels: Levels, hosts: Hosts, check: Checker): Route[] {
  return [
    route({
      method: 'GET',
      path: '/forward-auth',
      // The cookie of the host that is asked for is looked at below; those of this origin count for nothing here.
      level: levels.everyone,
      async handle(call) {
        const { visit, headers } = call;
        const asked = hosts.asked(call);
        // What should have been routed to us as it is: a sign-in there would lead to itself.
        if (!asked || asked.path.startsWith(`${OWN_PATH}/`)) return unknownHost(call);
        const token = readCookies(headers['cookie'], isSecure(asked.origin))[APP_COOKIE];
        const verdict = await check(visit, asked.origin, token);
        switch (verdict.kind) {
          case 'enter':
            return { status: 200, cookies: [], headers: identity(verdict.who), body: '' };
          case 'sign-in':
            return leadToSignIn(call, asked);
          case 'closed':
            return refused(call, 'app_closed', () => closedHostPage(site, visit, verdict.app));
          case 'unknown-host':
            return unknownHost(call);
        }
      },
    }),
  ];

  function unknownHost(call: CheckCall): Answer {
    return refused(call, 'app_unknown', () => unknownHostPage(site, call.visit));
  }
}

/** 403 in any case: proxies know what that is. */
function refused(
  { visit }: CheckCall,
  code: 'app_unknown' | 'app_closed',
  body: () => Parameters<typeof page>[0],
) {
  if (!visit.wantsJson) return page(body(), 403);
  return json({ code, message: refusalSentence(visit.locale, new Refusal(code), visit.requestId) }, 403);
}

/**
 * nginx takes the address from the 401, and lets a script have the 401 where there is none; the others pass a redirect
 * on to the browser. Whole, since Traefik would complete a path with the address at which it found us.
 */
function leadToSignIn({ visit, headers }: CheckCall, { origin, path, redirects }: Asked): Answer {
  const lead: Record<string, string> = isNavigation(headers)
    ? { location: `${origin}${OWN_PATH}/begin?rd=${encodeURIComponent(path)}` }
    : {};
  if (redirects && lead['location']) return { status: 303, cookies: [], headers: lead, body: '' };
  const message = refusalSentence(visit.locale, new Refusal('sign_in_required'), visit.requestId);
  return json({ code: 'sign_in_required', message }, 401, lead);
}

/**
 * Who it is, for the app behind the proxy. Each header is there every time, an empty one too: a proxy that copies only
 * what it gets would else let through what a client has sent under that name.
 */
function identity({ account_id, email, name, groups }: Presence): Record<string, string> {
  const address = asHeader(email);
  return {
    'remote-user': address,
    'remote-name': asHeader(name),
    'remote-email': address,
    'remote-groups': asHeader(groups),
    'remote-id': account_id,
  };
}

/** As UTF-8, which is what apps read; Node would write a header's characters as Latin-1. */
function asHeader(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return Buffer.from(text.replace(/\p{Cc}/gu, ' ')).toString('latin1');
}
