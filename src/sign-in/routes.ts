import type { Deps } from '../deps.ts';
import { askRoutes } from '../factors/ask-routes.ts';
import { Refusal } from '../kit/refusal.ts';
import { SIGNED_OUT } from '../sessions/end-here.ts';
import { cancelPending } from '../sessions/pending.ts';
import type { Levels } from '../sessions/require.ts';
import { forget, seeOther } from '../web/answer.ts';
import { withNotice } from '../web/flash.ts';
import { CLEAR_SITE_DATA } from '../web/headers.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { answerFactor } from './answer-factor.ts';
import { beginRoutes } from './begin-routes.ts';
import { sendEnrolmentLink } from './send-enrolment-link.ts';
import { signOut } from './sign-out.ts';

export function signInRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  return [
    ...beginRoutes(deps, site, levels),
    ...askRoutes(deps, site, {
      base: '/sign-in/factor',
      level: levels.pending,
      holderId: (who) => who.pending.id,
      async assertAsked(_visit, who) {
        if (who.exhausted) throw new Refusal('pending_ended', { returnTo: who.pending.return_to });
      },
      answer: (visit, who, method, answer, trust) =>
        answerFactor(deps, visit, who, { method, answer, trust }),
    }),
    route({
      method: 'POST',
      path: '/sign-in/cancel',
      level: levels.pending,
      async handle({ who }) {
        await deps.database.transaction((tx) => cancelPending(tx, who.pending.id));
        return seeOther('/sign-in', { cookies: forget('pending') });
      },
    }),
    route({
      method: 'POST',
      path: '/enrol/send',
      level: levels.enrolling,
      formPage: '/account/security',
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
          cookies: [...SIGNED_OUT, withNotice('signed_out')],
          headers: CLEAR_SITE_DATA,
        });
      },
    }),
  ];
}
