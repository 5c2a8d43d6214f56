import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { askRoutes } from '../factors/ask-routes.ts';
import { Refusal } from '../kit/refusal.ts';
import { cancelPending } from '../sessions/pending.ts';
import type { Levels } from '../sessions/require.ts';
import { page, seeOther } from '../web/answer.ts';
import { takeNotice, withNotice } from '../web/flash.ts';
import { optionalText, rawText, returnToField, textField } from '../web/input.ts';
import { safeReturnTo } from '../web/return-to.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { fieldSentences, refusalSentence } from '../words/refusals.ts';
import { answerFactor } from './answer-factor.ts';
import { checkPassword } from './check-password.ts';
import { signInPage } from './pages.ts';
import { sendEnrolmentLink } from './send-enrolment-link.ts';
import { signOut } from './sign-out.ts';

const SIGN_IN_COOKIES = ['session', 'pending', 'enrolment'];

export function signInRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  const minLength = deps.config.passwordMinLength;
  return [
    route({
      method: 'GET',
      path: '/sign-in',
      level: levels.anyone,
      query: z.object({ return_to: returnToField }),
      async handle({ visit, who, query }) {
        if (who) return seeOther(query.return_to);
        const { message, cookies } = takeNotice(visit);
        return page(signInPage(site, visit, { email: '', returnTo: query.return_to, message }), 200, {
          cookies,
        });
      },
    }),
    route({
      method: 'POST',
      path: '/sign-in',
      level: levels.everyone,
      query: z.object({ return_to: returnToField }),
      body: z.strictObject({
        email: textField(320),
        password: textField(1100),
        return_to: optionalText(2000),
      }),
      async handle({ visit, body, query }) {
        const returnTo = body.return_to === undefined ? query.return_to : safeReturnTo(body.return_to);
        const step = await checkPassword(deps, visit, {
          email: body.email,
          password: body.password,
          returnTo,
        });
        return seeOther(step.next, { cookies: step.cookies });
      },
      async mistake({ visit, body, query }, refusal) {
        const fields = fieldSentences(visit.locale, refusal, minLength);
        const error =
          refusal.code === 'invalid_input' ? null : refusalSentence(visit.locale, refusal, visit.requestId);
        const returnTo = safeReturnTo(body['return_to'] ?? query['return_to']);
        return signInPage(site, visit, { email: rawText(body, 'email'), returnTo, error, fields });
      },
    }),
    ...askRoutes(deps, site, {
      base: '/sign-in/factor',
      level: levels.pending,
      async assertAsked(_visit, who) {
        if (who.exhausted) throw new Refusal('pending_ended');
      },
      answer: (visit, who, method, answer) => answerFactor(deps, visit, who, method, answer),
    }),
    route({
      method: 'POST',
      path: '/sign-in/cancel',
      level: levels.pending,
      async handle({ who }) {
        await deps.database.transaction((tx) => cancelPending(tx, who.pending.id));
        return seeOther('/sign-in', { cookies: [{ name: 'pending', value: null }] });
      },
    }),
    route({
      method: 'POST',
      path: '/enrol/send',
      level: levels.enrolling,
      async handle({ visit, who }) {
        const sent = await deps.database.transaction((tx) => sendEnrolmentLink(tx, deps, visit, who.account));
        if (!sent) throw new Refusal('too_many_attempts', { retryAfter: 60 });
        return seeOther('/account/security');
      },
    }),
    route({
      method: 'POST',
      path: '/sign-out',
      level: levels.everyone,
      async handle({ visit }) {
        await signOut(deps, visit);
        return seeOther('/sign-in', {
          cookies: [...SIGN_IN_COOKIES.map((name) => ({ name, value: null })), withNotice('signed_out')],
          // Never "cookies": the browser that signed in fully before stays known (contract).
          headers: { 'clear-site-data': '"cache", "storage"' },
        });
      },
    }),
  ];
}
