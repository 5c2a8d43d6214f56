import type { Deps } from '../deps.ts';
import type { Levels } from '../sessions/require.ts';
import type { Route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { appsRoutes } from './apps-routes.ts';
import { interactionRoutes } from './interaction-routes.ts';
import { logoutRoutes } from './logout-routes.ts';
import { openInteractions } from './open-interactions.ts';
import { protocolRoutes } from './protocol-routes.ts';
import { tryRoutes } from './try/routes.ts';

export function oidcRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  return [
    ...protocolRoutes(deps, site, levels),
    ...interactionRoutes(deps, site, levels),
    ...logoutRoutes(deps, site, levels),
    ...appsRoutes(deps, site, levels),
    ...tryRoutes(deps, site, levels),
  ];
}

/**
 * While a sign-in for an app is under way in this browser, the forms of our pages may lead to it in the end: Chromium
 * looks at `form-action` along the whole chain of redirects that follows a form.
 */
export function formTargetsFor(deps: Pick<Deps, 'seal'>): (visit: Visit) => readonly string[] {
  return (visit) => [...new Set(openInteractions(deps, visit).map(({ target }) => target))];
}
