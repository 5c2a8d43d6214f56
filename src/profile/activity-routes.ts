import { z } from 'zod';
import { listEventsOf } from '../audit/store.ts';
import type { Deps } from '../deps.ts';
import type { Levels } from '../sessions/require.ts';
import { page } from '../web/answer.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { activityPage } from './activity-pages.ts';
import { groupActivity, MOST_IN_LINE } from './group-activity.ts';

const LINES_PER_PAGE = 25;
/** Enough that no line of a page is cut off in the middle: what follows its last record is there to be looked at. */
const RECORDS_READ = LINES_PER_PAGE * MOST_IN_LINE + 1;

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
          limit: RECORDS_READ,
          ...(before === undefined ? {} : { beforeSeq: before }),
        });
        const all = groupActivity(found);
        const lines = all.slice(0, LINES_PER_PAGE);
        const olderThan = all.length > lines.length ? (lines.at(-1)?.oldest ?? null) : null;
        const events = lines.map(({ event }) => event);
        return page(activityPage(site, visit, { account, events, olderThan, first: before === undefined }));
      },
    }),
  ];
}
