import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { askRoutes } from '../factors/ask-routes.ts';
import type { Levels } from '../sessions/require.ts';
import { page, seeOther } from '../web/answer.ts';
import { ownReturnTo, returnToField, textField } from '../web/input.ts';
import { told } from '../web/refused-form.ts';
import { safeReturnTo } from '../web/return-to.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { confirmPage } from './pages.ts';
import { assertStepUpAsks, confirmFactor, confirmPassword, currentStepUp } from './step-up.ts';

/** Where signing in leads whose session ended at the second half of a step-up: the page that most of them are for. */
const FALLBACK = '/account/security';

export function stepUpRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  return [
    route({
      method: 'GET',
      path: '/confirm',
      level: levels.signedIn,
      query: z.object({ return_to: returnToField }),
      handle: async ({ visit, who, query }) =>
        page(confirmPage(site, visit, who.account, query.return_to, told(visit, null))),
    }),
    route({
      method: 'POST',
      path: '/confirm',
      level: levels.signedIn,
      // A sign-in confirms as well: to what it was for.
      formPage: (fields, query) => safeReturnTo(fields['return_to'] ?? query['return_to']),
      query: z.object({ return_to: returnToField }),
      body: z.strictObject({ password: textField(1100), return_to: ownReturnTo }),
      async handle({ visit, who, body, query }) {
        const returnTo = body.return_to ?? query.return_to;
        const { next, cookies } = await confirmPassword(deps, visit, who, body.password, returnTo);
        return seeOther(next, { cookies });
      },
      async mistake({ visit, who, body, query }, refusal) {
        const returnTo = safeReturnTo(body['return_to'] ?? query['return_to']);
        return confirmPage(site, visit, who.account, returnTo, told(visit, refusal));
      },
    }),
    ...askRoutes(deps, site, {
      base: '/confirm/factor',
      level: levels.signedIn,
      holderId: (who) => who.session.id,
      formPage: FALLBACK,
      assertAsked: (visit, who) => assertStepUpAsks(deps, visit, who),
      async answer(visit, who, method, answer) {
        const stepUp = await currentStepUp(deps, visit, who);
        return confirmFactor(deps, visit, who, stepUp, method, answer);
      },
    }),
  ];
}
