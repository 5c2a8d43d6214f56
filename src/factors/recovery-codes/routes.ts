import type { Deps } from '../../deps.ts';
import type { Levels } from '../../sessions/require.ts';
import { page, seeOther } from '../../web/answer.ts';
import { withNotice } from '../../web/flash.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import { proposedCodesPage } from './pages.ts';
import { proposeCodes, useProposedCodes } from './regenerate.ts';

export function recoveryCodeRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  return [
    route({
      method: 'GET',
      path: '/account/security/recovery-codes',
      level: levels.steppedUp,
      handle: async ({ visit, who }) =>
        page(proposedCodesPage(site, visit, who.account, await proposeCodes(deps, who))),
    }),
    route({
      method: 'POST',
      path: '/account/security/recovery-codes',
      level: levels.steppedUp,
      async handle({ visit, who }) {
        await useProposedCodes(deps, visit, who);
        return seeOther('/account/security', { cookies: [withNotice('codes_regenerated')] });
      },
    }),
  ];
}
