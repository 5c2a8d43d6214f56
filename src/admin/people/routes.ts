import { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { listGroups } from '../../groups/store.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { page } from '../../web/answer.ts';
import { takeNotice } from '../../web/flash.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import { findPeople, type Show } from './find-people.ts';
import { inviteManyRoutes } from './invite-many-routes.ts';
import { inviteRoutes } from './invite-routes.ts';
import { PEOPLE, peoplePage } from './people-pages.ts';
import { STATES } from './store.ts';

/** Whatever else stands there shows everybody. */
const showField = z.string().regex(/^(group:)?[\w-]{1,64}$/);

export function peopleRoutes(deps: Deps, site: Site, levels: AdministratorLevels): Route[] {
  const { db } = deps.database;
  return [
    route({
      method: 'GET',
      path: PEOPLE,
      level: levels.administrator,
      query: z.object({
        q: z.string().catch(''),
        show: showField.catch(''),
        // PostgreSQL takes no zero byte in a text.
        after: z
          .string()
          .regex(/^[^\0]{1,400}$/)
          .catch(''),
      }),
      async handle({ visit, who: { account }, query }) {
        const { message, cookies } = takeNotice(visit);
        const text = query.q.replaceAll('\0', '\ufffd').trim().slice(0, 200);
        const found = await findPeople(
          db,
          { text, show: readShow(query.show), after: query.after },
          visit.now,
        );
        return page(
          peoplePage(site, visit, {
            account,
            ...found,
            text,
            show: query.show,
            groups: await listGroups(db),
            first: query.after === '',
            message,
          }),
          200,
          { cookies },
        );
      },
    }),
    ...inviteRoutes(deps, site, levels),
    ...inviteManyRoutes(deps, site, levels),
  ];
}

function readShow(text: string): Show {
  if (text.startsWith('group:')) return { group: text.slice('group:'.length) };
  const state = STATES.find((one) => one === text);
  return state === undefined ? null : { state };
}
