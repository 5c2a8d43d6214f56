import type { Levels } from '../../sessions/require.ts';
import { page } from '../../web/answer.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import { helpPage } from './pages.ts';

export function helpRoutes(site: Site, levels: Levels): Route[] {
  return [
    route({
      method: 'GET',
      path: '/help',
      level: levels.anyone,
      handle: async ({ visit }) => page(helpPage(site, visit)),
    }),
  ];
}
