import type { Deps } from '../deps.ts';
import type { Levels } from '../sessions/require.ts';
import type { Assets } from '../web/assets.ts';
import type { Route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { createChecker } from './check.ts';
import { checkRoutes } from './check-routes.ts';
import { createHosts } from './host-of.ts';
import { hostRoutes } from './host-routes.ts';
import { startRoutes } from './start-routes.ts';

/**
 * A sign-in for apps that have none: their proxy asks here about every request.
 *
 * `app/page` -> 401 or 303 -> `app/.countersign/begin` (a cookie) -> `BASE_URL/forward-auth/start` (sign-in, step-up) ->
 * `app/.countersign/callback?ticket=` (the cookie of this host) -> `app/page`
 */
export function forwardAuthRoutes(deps: Deps, site: Site, levels: Levels, assets: Assets): Route[] {
  const hosts = createHosts(deps);
  const check = createChecker(deps);
  return [
    ...checkRoutes(site, levels, hosts, check),
    ...startRoutes(deps, site, levels),
    ...hostRoutes(deps, site, levels, assets, hosts, check),
  ];
}
