import { z } from 'zod';
import { gatherOwnData, type OwnData, ownDataFile } from '../../accounts/own-data.ts';
import { findAccount } from '../../accounts/store.ts';
import { record } from '../../audit/record.ts';
import type { Deps } from '../../deps.ts';
import { Refusal } from '../../kit/refusal.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import type { SignedIn } from '../../sessions/session.ts';
import { page } from '../../web/answer.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import { actAboutOther } from '../act.ts';
import { idIn } from '../ids.ts';
import { PEOPLE } from '../people/people-pages.ts';
import { dataPage } from './data-pages.ts';

/** For somebody who asks for their data and can't fetch it themself: the file that they would get, with no secret in it. */
export function dataRoutes(
  deps: Deps,
  site: Site,
  { steppedUpAdministrator: level }: AdministratorLevels,
  parts: readonly OwnData[],
): Route[] {
  const path = `${PEOPLE}/:id/data`;

  async function find({ account }: SignedIn, id: string) {
    const person = await findAccount(deps.database.db, id);
    if (!person) throw new Refusal('not_found');
    if (person.id === account.id) throw new Refusal('own_account');
    return person;
  }

  return [
    route({
      method: 'GET',
      path,
      level,
      async handle({ visit, who, params }) {
        const person = await find(who, idIn(params));
        return page(dataPage(site, visit, { account: who.account, person }));
      },
    }),
    route({
      method: 'POST',
      path,
      level,
      body: z.strictObject({}),
      async handle({ visit, who, params }) {
        const person = await find(who, idIn(params));
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
