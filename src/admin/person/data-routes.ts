import { z } from 'zod';
import { gatherOwnData, type OwnData, ownDataFile } from '../../accounts/own-data.ts';
import { record } from '../../audit/record.ts';
import type { Deps } from '../../deps.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { page } from '../../web/answer.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import { actAboutOther } from '../act.ts';
import { idIn } from '../ids.ts';
import { PEOPLE } from '../people/people-pages.ts';
import { dataPage } from './data-pages.ts';
import { findOther } from './find-other.ts';

/** For somebody who asks for their data and can't fetch it themself: the file that they would get, with no secret in it. */
export function dataRoutes(
  deps: Deps,
  site: Site,
  { steppedUpAdministrator: level }: AdministratorLevels,
  parts: readonly OwnData[],
): Route[] {
  const path = `${PEOPLE}/:id/data`;

  return [
    route({
      method: 'GET',
      path,
      level,
      async handle({ visit, who, params }) {
        const person = await findOther(deps, who.account, idIn(params));
        return page(dataPage(site, visit, { account: who.account, person }));
      },
    }),
    route({
      method: 'POST',
      path,
      level,
      body: z.strictObject({}),
      async handle({ visit, who, params }) {
        const person = await findOther(deps, who.account, idIn(params));
        const data = await gatherOwnData(deps, parts, person);
        // No record, no file (R72).
        await actAboutOther(deps, visit, who, person.id, (tx, { place, actor }) =>
          record(tx, place, { event: 'account.exported', subject: person, actor }),
        );
        return ownDataFile(deps, visit.now, data);
      },
    }),
  ];
}
