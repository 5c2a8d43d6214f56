import { z } from 'zod';
import type { OwnData } from '../../accounts/own-data.ts';
import { lockAccount } from '../../accounts/store.ts';
import type { Deps } from '../../deps.ts';
import { addMember } from '../../groups/change-groups.ts';
import { findGroup } from '../../groups/store.ts';
import { Refusal } from '../../kit/refusal.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import type { SignedIn } from '../../sessions/session.ts';
import { page, seeOther } from '../../web/answer.ts';
import { takeNotice, withNotice } from '../../web/flash.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { refusalSentence } from '../../words/refusals.ts';
import { actAbout } from '../act.ts';
import { anyIdField, idIn } from '../ids.ts';
import { PEOPLE } from '../people/people-pages.ts';
import { askingRoutes } from './asking-routes.ts';
import { dataRoutes } from './data-routes.ts';
import { formRoutes } from './form-routes.ts';
import { lookAtPerson } from './look-at-person.ts';
import { personPage } from './person-pages.ts';

/** One person: what an administrator sees of them and does about them. The page holds forms, so it needs a step-up. */
export function personRoutes(
  deps: Deps,
  site: Site,
  levels: AdministratorLevels,
  ownData: readonly OwnData[],
): Route[] {
  const { steppedUpAdministrator: level } = levels;
  const path = `${PEOPLE}/:id`;

  return [
    route({
      method: 'GET',
      path,
      level,
      async handle({ visit, who: { account }, params }) {
        const { message, cookies } = takeNotice(visit);
        const looked = await lookAtPerson(deps, visit, idIn(params));
        return page(personPage(site, visit, { account, ...looked, message }), 200, { cookies });
      },
    }),
    route({
      method: 'POST',
      path: `${path}/groups`,
      level,
      formPage: path,
      body: z.strictObject({ group: anyIdField }),
      async handle({ visit, who, params, body }) {
        const id = idIn(params);
        await join(deps, visit, who, id, body.group);
        return seeOther(`${PEOPLE}/${id}`, { cookies: [withNotice('person_joined')] });
      },
      async mistake({ visit, who: { account }, params }, refusal) {
        const looked = await lookAtPerson(deps, visit, idIn(params));
        const error = refusalSentence(visit.locale, refusal, visit.requestId);
        return personPage(site, visit, { account, ...looked, message: null, error });
      },
    }),
    ...askingRoutes(deps, site, levels),
    ...formRoutes(deps, site, levels),
    ...dataRoutes(deps, site, levels, ownData),
  ];
}

/** @throws {Refusal} not_found, changes_frozen */
async function join(deps: Deps, visit: Visit, who: SignedIn, id: string, groupId: string): Promise<void> {
  await actAbout(deps, visit, who, id, async (tx, by) => {
    const group = await findGroup(tx, groupId);
    const account = await lockAccount(tx, id);
    if (!group || !account) throw new Refusal('not_found');
    await addMember(tx, by, group, account);
  });
}
