import type { OwnData } from '../accounts/own-data.ts';
import type { Deps } from '../deps.ts';
import { administratorLevels } from '../sessions/administrator.ts';
import type { Levels } from '../sessions/require.ts';
import type { Route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { appsRoutes } from './apps/routes.ts';
import { groupRoutes } from './groups/routes.ts';
import { overviewRoutes } from './overview/routes.ts';
import { peopleRoutes } from './people/routes.ts';
import { personRoutes } from './person/routes.ts';
import { recordRoutes } from './records/routes.ts';
import { signInRuleRoutes } from './sign-in-rules/routes.ts';

/**
 * The Dashboard. Its lists can be read as long as the session lives; its forms need a step-up (R69). `ownData`: what each
 * room keeps about a person.
 */
export function adminRoutes(deps: Deps, site: Site, allLevels: Levels, ownData: readonly OwnData[]): Route[] {
  const levels = administratorLevels(deps, allLevels);
  return [
    ...overviewRoutes(deps, site, levels),
    ...peopleRoutes(deps, site, levels),
    ...personRoutes(deps, site, levels, ownData),
    ...groupRoutes(deps, site, levels),
    ...appsRoutes(deps, site, levels),
    ...recordRoutes(deps, site, levels),
    ...signInRuleRoutes(deps, site, levels),
  ];
}
