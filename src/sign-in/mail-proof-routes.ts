import { z } from 'zod';
import { minPasswordLength } from '../accounts/choose-password.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { enrolmentHere } from '../sessions/enrolment-pass.ts';
import type { Levels } from '../sessions/require.ts';
import { page, seeOther } from '../web/answer.ts';
import { withNotice } from '../web/flash.ts';
import { pageOfLink, rawText, textField } from '../web/input.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { forgotPage, provePage, resetPage } from './account-pages.ts';
import { formAgain, newPasswordField, tokenField, tokenQuery } from './link-form.ts';
import { assertSameAccount, findEnrolmentLink, proveByLink } from './prove-enrolment.ts';
import { requestReset } from './request-reset.ts';
import { findReset, resetPassword } from './reset-password.ts';

/** Where mail is the proof: of a forgotten password's owner, and of whoever must set up a second step. */
export function mailProofRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  return [
    ...forgotRoutes(deps, site, levels),
    ...resetRoutes(deps, site, levels),
    ...enrolRoutes(deps, site, levels),
  ];
}

function forgotRoutes(deps: Deps, site: Site, { everyone }: Levels): Route[] {
  return [
    route({
      method: 'GET',
      path: '/forgot-password',
      level: everyone,
      handle: async ({ visit }) => page(forgotPage(site, visit, {})),
    }),
    route({
      method: 'POST',
      path: '/forgot-password',
      level: everyone,
      body: z.strictObject({ email: textField(320) }),
      async handle({ visit, body }) {
        await requestReset(deps, visit, body.email);
        return seeOther('/check-email');
      },
      mistake: async ({ visit, body }, refusal) =>
        formAgain(visit, refusal, 0, (told) =>
          forgotPage(site, visit, { email: rawText(body, 'email'), ...told }),
        ),
    }),
  ];
}

function resetRoutes(deps: Deps, site: Site, { everyone }: Levels): Route[] {
  const { db } = deps.database;
  return [
    route({
      method: 'GET',
      path: '/reset-password',
      level: everyone,
      query: tokenQuery,
      async handle({ visit, query: { token } }) {
        const { account } = await findReset(db, token, visit.now);
        const minLength = await minPasswordLength(deps);
        return page(resetPage(site, visit, { token, minLength, email: account.email }));
      },
    }),
    route({
      method: 'POST',
      path: '/reset-password',
      level: everyone,
      body: z.strictObject({ token: tokenField, password: newPasswordField }),
      async handle({ visit, body }) {
        const cookies = await resetPassword(deps, visit, body);
        return seeOther('/sign-in', { cookies: [...cookies, withNotice('password_reset_done')] });
      },
      async mistake({ visit, body }, refusal) {
        const token = rawText(body, 'token');
        const { account } = await findReset(db, token, visit.now);
        const minLength = await minPasswordLength(deps);
        return formAgain(visit, refusal, minLength, (told) =>
          resetPage(site, visit, { token, minLength, email: account.email, ...told }),
        );
      },
    }),
  ];
}

function enrolRoutes(deps: Deps, site: Site, { anyone, enrolling }: Levels): Route[] {
  return [
    route({
      method: 'GET',
      path: '/enrol',
      level: anyone,
      query: tokenQuery,
      async handle({ visit, who: signedIn, query: { token } }) {
        const link = await findEnrolmentLink(deps.database.db, token, visit.now);
        const here = signedIn ? null : await enrolmentHere(deps.database.db, visit);
        const account = (signedIn ?? here)?.account;
        // Opened elsewhere: the password must be proven in this browser too, and then the link is opened again.
        if (!account) throw new Refusal('sign_in_required');
        assertSameAccount(link, account);
        if (signedIn) return seeOther('/account/security');
        return page(provePage(site, visit, { token, email: account.email }));
      },
    }),
    route({
      method: 'POST',
      path: '/enrol',
      level: enrolling,
      formPage: pageOfLink('/enrol'),
      body: z.strictObject({ token: tokenField }),
      async handle({ visit, who, body }) {
        await proveByLink(deps, visit, who, body.token);
        return seeOther('/account/security');
      },
    }),
  ];
}
