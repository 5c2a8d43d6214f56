import { z } from 'zod';
import { listEventsOf } from '../audit/store.ts';
import type { Deps } from '../deps.ts';
import type { Levels } from '../sessions/require.ts';
import { page } from '../web/answer.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { activityPage } from './activity-pages.ts';

const PER_PAGE = 25;

export function activityRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  return [
    route({
      method: 'GET',
      path: '/account/activity',
      level: levels.signedIn,
      // What is no number of an event shows the newest.
      query: z.object({
        before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional().catch(undefined),
      }),
      async handle({ visit, who: { account }, query: { before } }) {
        const found = await listEventsOf(deps.database.db, account.pseudonym, {
          limit: PER_PAGE + 1,
          ...(before === undefined ? {} : { beforeSeq: before }),
        });
        const events = found.slice(0, PER_PAGE);
        const olderThan = found.length > PER_PAGE ? (events.at(-1)?.seq ?? null) : null;
        return page(activityPage(site, visit, { account, events, olderThan, first: before === undefined }));
      },
    }),
  ];
}
