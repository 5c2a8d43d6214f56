import { z } from 'zod';
import { ROLES } from '../../accounts/account.ts';
import { INVITATION_LIFETIME } from '../../accounts/create-account.ts';
import type { Deps } from '../../deps.ts';
import { Refusal } from '../../kit/refusal.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { page, seeOther } from '../../web/answer.ts';
import { withNotice } from '../../web/flash.ts';
import { rawText, ruledText } from '../../web/input.ts';
import { type Complaints, told } from '../../web/refused-form.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { refusalSentence } from '../../words/refusals.ts';
import { idIn } from '../ids.ts';
import { inviteAgain } from './invite-again.ts';
import { againPage, invitePage } from './invite-pages.ts';
import { invitePerson } from './invite-person.ts';
import { PEOPLE } from './people-pages.ts';
import { asPerson } from './person.ts';
import { findPerson, listOpenInvitations } from './store.ts';
import { peopleWords } from './words.ts';

export function inviteRoutes(
  deps: Deps,
  site: Site,
  { steppedUpAdministrator: level }: AdministratorLevels,
): Route[] {
  const path = `${PEOPLE}/invite`;
  return [
    route({
      method: 'GET',
      path,
      level,
      handle: async ({ visit, who: { account } }) =>
        page(invitePage(site, visit, { account, lifetime: INVITATION_LIFETIME })),
    }),
    route({
      method: 'POST',
      path,
      level,
      body: z.strictObject({
        email: ruledText(320),
        name: ruledText(500),
        role: z.enum(ROLES, 'malformed').default(ROLES[0]),
      }),
      async handle({ visit, who, body }) {
        await invitePerson(deps, visit, who, body);
        return seeOther(PEOPLE, { cookies: [withNotice('person_invited')] });
      },
      async mistake({ visit, who: { account }, body }, refusal) {
        return invitePage(site, visit, {
          account,
          lifetime: INVITATION_LIFETIME,
          name: rawText(body, 'name'),
          email: rawText(body, 'email'),
          role: rawText(body, 'role'),
          ...toldPlainly(visit, refusal),
        });
      },
    }),
    ...againRoutes(deps, site, level),
  ];
}

/** An administrator sees everybody anyway, and is told that the address is somebody's. */
function toldPlainly(visit: Visit, refusal: Refusal): Complaints {
  const complaints = told(visit, refusal);
  if (refusal.detail.fields?.['email'] !== 'email_taken') return complaints;
  const { emailTaken } = peopleWords[visit.locale].invite;
  return { ...complaints, fields: { ...complaints.fields, email: emailTaken } };
}

function againRoutes(deps: Deps, site: Site, level: AdministratorLevels['steppedUpAdministrator']): Route[] {
  const path = `${PEOPLE}/:id/invite`;
  const { db } = deps.database;

  /** Anybody whom the path can name. @throws {Refusal} not_found */
  async function find(params: Readonly<Record<string, string>>, now: number) {
    const row = await findPerson(db, idIn(params));
    if (!row) throw new Refusal('not_found');
    return asPerson(row, await listOpenInvitations(db, [row.id], now));
  }

  return [
    route({
      method: 'GET',
      path,
      level,
      async handle({ visit, who: { account }, params }) {
        const person = await find(params, visit.now);
        return page(againPage(site, visit, { account, person }));
      },
    }),
    route({
      method: 'POST',
      path,
      level,
      body: z.strictObject({}),
      async handle({ visit, who, params }) {
        const { id } = await find(params, visit.now);
        await inviteAgain(deps, visit, who, id);
        return seeOther(PEOPLE, { cookies: [withNotice('person_invited')] });
      },
      async mistake({ visit, who: { account }, params }, refusal) {
        const person = await find(params, visit.now);
        const error = refusalSentence(visit.locale, refusal, visit.requestId);
        return againPage(site, visit, { account, person, error });
      },
    }),
  ];
}
