import { z } from 'zod';
import type { Deps } from '../deps.ts';
import type { Levels } from '../sessions/require.ts';
import { seeOther } from '../web/answer.ts';
import { withNotice } from '../web/flash.ts';
import { answerField } from '../web/input.ts';
import { told } from '../web/refused-form.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { proveCode, putOffCheckUp } from './check-up.ts';
import { gatherOverview } from './overview.ts';
import { overviewPage } from './overview-pages.ts';

const OVERVIEW = '/account/security';

/** The card on the Security page: prove a code, or put it off (screen 8). */
export function checkUpRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  return [
    route({
      method: 'POST',
      path: '/account/security/check-up',
      level: levels.signedIn,
      formPage: OVERVIEW,
      body: z.strictObject({ code: answerField }),
      async handle({ visit, who, body }) {
        await proveCode(deps, visit, who.account, body.code);
        return seeOther(OVERVIEW, { cookies: [withNotice('check_up_done')] });
      },
      async mistake({ visit, who }, refusal) {
        const { fields, error } = told(visit, refusal);
        const overview = await gatherOverview(deps, visit, who.account, null);
        const checkUp = overview.checkUp && { ...overview.checkUp, error: fields['code'] ?? error };
        return overviewPage(site, visit, { ...overview, checkUp });
      },
    }),
    route({
      method: 'POST',
      path: '/account/security/check-up/later',
      level: levels.signedIn,
      formPage: OVERVIEW,
      async handle({ visit, who }) {
        await putOffCheckUp(deps, visit, who.account);
        return seeOther(OVERVIEW);
      },
    }),
  ];
}
