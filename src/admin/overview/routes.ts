import { z } from 'zod';
import { isAdministrator } from '../../accounts/account.ts';
import type { Deps } from '../../deps.ts';
import { careOf } from '../../factors/all.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { page, seeOther } from '../../web/answer.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import type { Locale } from '../../words/locale.ts';
import { anyIdField } from '../ids.ts';
import { atRiskPage } from './at-risk-pages.ts';
import { pageAtRisk } from './count-people.ts';
import { createOverview } from './gather.ts';
import { overviewPage } from './pages.ts';
import { AT_RISK } from './todo-pages.ts';

const PER_PAGE = 50;

/** The first page of the Dashboard. Publishers see of all this only their apps. */
export function overviewRoutes(deps: Deps, site: Site, levels: AdministratorLevels): Route[] {
  const gather = createOverview(deps);
  const kindName = (locale: Locale) => (kind: string) => careOf(kind)?.name(locale) ?? kind;
  return [
    route({
      method: 'GET',
      path: '/admin',
      level: levels.publisher,
      async handle({ visit, who: { account } }) {
        if (!isAdministrator(account)) return seeOther('/admin/apps');
        return page(overviewPage(site, visit, await gather(visit, account), kindName(visit.locale)));
      },
    }),
    route({
      method: 'GET',
      path: AT_RISK,
      level: levels.administrator,
      query: z.object({
        after: anyIdField.catch(''),
      }),
      async handle({ visit, who: { account }, query: { after } }) {
        const found = await pageAtRisk(deps, { after, count: PER_PAGE });
        const shown = { account, ...found, first: after === '' };
        return page(atRiskPage(site, visit, shown, kindName(visit.locale)));
      },
    }),
  ];
}
