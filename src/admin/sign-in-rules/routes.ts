import { minPasswordLength } from '../../accounts/choose-password.ts';
import type { Deps } from '../../deps.ts';
import { listClientRules } from '../../policy/rules-of-apps.ts';
import { listTwoFactorRules } from '../../policy/two-factor-rules.ts';
import { allPolicyValues } from '../../policy/values.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { page } from '../../web/answer.ts';
import { takeNotice } from '../../web/flash.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import { methodRoutes, shownMethods } from './methods-routes.ts';
import { summaryPage } from './pages.ts';
import { RULES } from './paths.ts';
import { twoFactorRoutes } from './two-factor-routes.ts';
import { valueRoutes } from './values-routes.ts';

/** Who must use two factors, which methods are accepted, and the smaller rules beside them. */
export function signInRuleRoutes(deps: Deps, site: Site, levels: AdministratorLevels): Route[] {
  return [
    route({
      method: 'GET',
      path: RULES,
      level: levels.administrator,
      async handle({ visit, who: { account } }) {
        const { message, cookies } = takeNotice(visit);
        const { db } = deps.database;
        const values = await allPolicyValues(db);
        const summary = {
          account,
          rules: await listTwoFactorRules(db),
          clientRules: await listClientRules(db),
          methods: shownMethods(visit.locale, new Set(values.forbidden_factors)),
          values,
          passwordLength: await minPasswordLength(deps),
          message,
        };
        return page(summaryPage(site, visit, summary), 200, { cookies });
      },
    }),
    ...twoFactorRoutes(deps, site, levels),
    ...methodRoutes(deps, site, levels),
    ...valueRoutes(deps, site, levels),
  ];
}
