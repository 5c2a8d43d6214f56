import { z } from 'zod';
import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { type Html, html } from '../kit/html.ts';
import type { Levels } from '../sessions/require.ts';
import type { SignedIn } from '../sessions/session.ts';
import { endSession } from '../sessions/store.ts';
import { type Answer, forget, page, seeOther } from '../web/answer.ts';
import { form, hidden } from '../web/fields.ts';
import { withNotice } from '../web/flash.ts';
import { CLEAR_SITE_DATA, pageCsp } from '../web/headers.ts';
import { optionalText } from '../web/input.ts';
import { bareLayout } from '../web/layout.ts';
import { actions, button, linkButton } from '../web/parts.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { complain } from './error-page.ts';
import { type AskedToSignOut, type LogoutRequest, readLogoutRequest } from './logout-request.ts';
import { PATHS } from './paths.ts';
import { formTarget } from './redirect-target.ts';
import { oidcWords } from './words.ts';

const CONFIRM = `${PATHS.end_session}/confirm`;
const LONGEST = 8_000;

const asked = {
  client_id: optionalText(),
  id_token_hint: optionalText(LONGEST),
  post_logout_redirect_uri: optionalText(2_000),
  state: optionalText(2_000),
};

/** An app asks to sign its person out; whoever is asked, decides (R67). */
export function logoutRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  const refused = (visit: Visit): Answer =>
    complain(site, visit, 'wrongAddress', 'post_logout_redirect_uri is not registered');

  function confirmation(visit: Visit, who: SignedIn, request: LogoutRequest, fields: AskedToSignOut): Html {
    const { logout: w, consent } = oidcWords[visit.locale];
    const { client } = request;
    const carried = Object.entries(fields).filter(([, value]) => value !== undefined);
    return bareLayout(site, visit, {
      title: w.title,
      body: html`<p>${client ? w.lead(client.name, site.brand) : w.leadAlone(site.brand)}</p>${form({
        action: CONFIRM,
        body: html`${carried.map(([name, value]) => hidden(name, value as string))}${actions(
          button(w.button),
          linkButton('/', w.stay, { kind: 'quiet' }),
        )}`,
      })}<p class="muted">${consent.signedInAs} ${who.account.email}</p>`,
    });
  }

  /** Nobody is signed in any more: on to where the app wants it. */
  const afterwards = ({ next }: LogoutRequest): Answer =>
    next === null ? seeOther('/sign-in', { cookies: [withNotice('signed_out')] }) : seeOther(next);

  return [
    route({
      method: 'GET',
      path: PATHS.end_session,
      level: levels.anyone,
      query: z.object(asked),
      async handle({ visit, who, query }) {
        const request = await readLogoutRequest(deps, query);
        if (!request) return refused(visit);
        if (!who) return afterwards(request);
        const targets = request.next === null ? [] : [formTarget(request.next)];
        return page(confirmation(visit, who, request, query), 200, {
          headers: { 'content-security-policy': pageCsp(visit.nonce, targets) },
        });
      },
    }),
    // From the app's own page, without the cookies that say who is signed in here: asked once more in the way that has them.
    route({
      method: 'POST',
      path: PATHS.end_session,
      level: levels.everyone,
      crossSite: true,
      body: z.object(asked),
      async handle({ body }) {
        const fields = Object.entries(body).filter(([, value]) => value !== undefined);
        const query = new URLSearchParams(fields as [string, string][]).toString();
        return seeOther(`${PATHS.end_session}${query && `?${query}`}`);
      },
    }),
    route({
      method: 'POST',
      path: CONFIRM,
      level: levels.anyone,
      body: z.strictObject(asked),
      async handle({ visit, who, body }) {
        const request = await readLogoutRequest(deps, body);
        if (!request) return refused(visit);
        if (!who) return afterwards(request);
        await deps.database.transaction(async (tx) => {
          await endSession(tx, deps.outbox, who.account.id, who.session.id);
          const detail = request.client ? { client: request.client.id } : {};
          await record(tx, visit, { event: 'sign_out', subject: who.account, detail });
        });
        const { cookies, headers, ...answer } = afterwards(request);
        return {
          ...answer,
          cookies: [...cookies, ...forget('session')],
          headers: { ...headers, ...CLEAR_SITE_DATA },
        };
      },
    }),
  ];
}
