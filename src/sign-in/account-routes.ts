import { z } from 'zod';
import { minPasswordLength } from '../accounts/choose-password.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Levels } from '../sessions/require.ts';
import { page, seeOther } from '../web/answer.ts';
import { withNotice } from '../web/flash.ts';
import { rawText, ruledText } from '../web/input.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { acceptInvitation, findInvitation } from './accept-invitation.ts';
import { checkEmailPage, invitationPage, setUpPage, signUpPage } from './account-pages.ts';
import { formAgain, newPasswordField, tokenField, tokenQuery } from './link-form.ts';
import { mailProofRoutes } from './mail-proof-routes.ts';
import { findSetUp, setUp } from './set-up.ts';
import { signUp } from './sign-up.ts';

const name = ruledText(400);
const email = ruledText(320);

/** The ways to an account, and back into it: set-up, sign-up, invitation, enrolment by mail, forgotten password. */
export function accountEntryRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  return [
    ...setUpRoutes(deps, site, levels),
    ...(deps.config.signUp === 'open' ? signUpRoutes(deps, site, levels) : closedRoutes(levels)),
    ...invitationRoutes(deps, site, levels),
    ...mailProofRoutes(deps, site, levels),
    route({
      method: 'GET',
      path: '/check-email',
      level: levels.everyone,
      handle: async ({ visit }) => page(checkEmailPage(site, visit)),
    }),
  ];
}

function setUpRoutes(deps: Deps, site: Site, { everyone }: Levels): Route[] {
  return [
    route({
      method: 'GET',
      path: '/setup',
      level: everyone,
      query: tokenQuery,
      async handle({ visit, query: { token } }) {
        await findSetUp(deps.database.db, token, visit.now);
        const minLength = await minPasswordLength(deps);
        return page(setUpPage(site, visit, { token, minLength }));
      },
    }),
    route({
      method: 'POST',
      path: '/setup',
      level: everyone,
      body: z.strictObject({ token: tokenField, name, email, password: newPasswordField }),
      async handle({ visit, body }) {
        return seeOther('/account/security', { cookies: await setUp(deps, visit, body) });
      },
      async mistake({ visit, body }, refusal) {
        const [token, name, email] = [rawText(body, 'token'), rawText(body, 'name'), rawText(body, 'email')];
        const minLength = await minPasswordLength(deps);
        return formAgain(visit, refusal, minLength, (told) =>
          setUpPage(site, visit, { token, minLength, name, email, ...told }),
        );
      },
    }),
  ];
}

function signUpRoutes(deps: Deps, site: Site, { everyone }: Levels): Route[] {
  return [
    route({
      method: 'GET',
      path: '/sign-up',
      level: everyone,
      handle: async ({ visit }) => page(signUpPage(site, visit, {})),
    }),
    route({
      method: 'POST',
      path: '/sign-up',
      level: everyone,
      body: z.strictObject({ name, email }),
      async handle({ visit, body }) {
        await signUp(deps, visit, body);
        return seeOther('/check-email');
      },
      async mistake({ visit, body }, refusal) {
        const [name, email] = [rawText(body, 'name'), rawText(body, 'email')];
        return formAgain(visit, refusal, 0, (told) => signUpPage(site, visit, { name, email, ...told }));
      },
    }),
  ];
}

/** By invitation only: whatever is sent. */
function closedRoutes({ everyone }: Levels): Route[] {
  const handle = async () => {
    throw new Refusal('sign_up_closed');
  };
  const body = z.unknown();
  return (['GET', 'POST'] as const).map((method) =>
    route({ method, path: '/sign-up', level: everyone, body, handle }),
  );
}

function invitationRoutes(deps: Deps, site: Site, { everyone }: Levels): Route[] {
  return [
    route({
      method: 'GET',
      path: '/invitation',
      level: everyone,
      query: tokenQuery,
      async handle({ visit, query: { token } }) {
        const { name, email } = await findInvitation(deps, token, visit.now);
        const minLength = await minPasswordLength(deps);
        return page(invitationPage(site, visit, { token, minLength, name, email }));
      },
    }),
    route({
      method: 'POST',
      path: '/invitation',
      level: everyone,
      body: z.strictObject({ token: tokenField, name, password: newPasswordField }),
      async handle({ visit, body }) {
        const cookies = await acceptInvitation(deps, visit, body);
        return seeOther('/sign-in', { cookies: [...cookies, withNotice('invitation_accepted')] });
      },
      async mistake({ visit, body }, refusal) {
        const [token, name] = [rawText(body, 'token'), rawText(body, 'name')];
        const { email } = await findInvitation(deps, token, visit.now);
        const minLength = await minPasswordLength(deps);
        return formAgain(visit, refusal, minLength, (told) =>
          invitationPage(site, visit, { token, minLength, name, email, ...told }),
        );
      },
    }),
  ];
}
