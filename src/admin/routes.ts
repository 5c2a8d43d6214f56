import { z } from 'zod';
import { INVITATION_LIFETIME } from '../accounts/create-account.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { type AdministratorLevels, administratorLevels } from '../sessions/administrator.ts';
import type { Levels } from '../sessions/require.ts';
import { page, seeOther } from '../web/answer.ts';
import { takeNotice, withNotice } from '../web/flash.ts';
import { rawText, textField } from '../web/input.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { fieldSentences, refusalSentence } from '../words/refusals.ts';
import { findPeople } from './find-people.ts';
import { inviteAgain } from './invite-again.ts';
import { againPage, invitePage, ROLES } from './invite-pages.ts';
import { invitePerson } from './invite-person.ts';

import { overviewRoutes } from './overview/routes.ts';
import { PEOPLE, peoplePage } from './people-pages.ts';
import { asPerson } from './person.ts';
import { signInRuleRoutes } from './sign-in-rules/routes.ts';
import { findPerson, listOpenInvitations } from './store.ts';
import { adminWords } from './words.ts';

/** What can be an id at all; PostgreSQL takes no text with a zero byte in it. */
const idField = z.string().regex(/^[\w-]{1,64}$/);

/** The Dashboard. Its lists can be read as long as the session lives; its forms need a step-up (R69). */
export function adminRoutes(deps: Deps, site: Site, allLevels: Levels): Route[] {
  const levels = administratorLevels(deps, allLevels);
  return [
    ...overviewRoutes(deps, site, levels),
    route({
      method: 'GET',
      path: PEOPLE,
      level: levels.administrator,
      query: z.object({ q: z.string().catch(''), after: idField.catch('') }),
      async handle({ visit, who: { account }, query }) {
        const { message, cookies } = takeNotice(visit);
        const text = query.q.trim().slice(0, 200);
        const found = await findPeople(deps.database.db, { text, after: query.after }, visit.now);
        const first = query.after === '';
        return page(peoplePage(site, visit, { account, ...found, text, first, message }), 200, { cookies });
      },
    }),
    ...inviteRoutes(deps, site, levels),
    ...againRoutes(deps, site, levels),
    ...signInRuleRoutes(deps, site, levels),
  ];
}

function inviteRoutes(
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
        email: textField(320),
        name: textField(500),
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
          ...told(visit, refusal),
        });
      },
    }),
  ];
}

/** An administrator sees everybody anyway, and is told plainly that the address is somebody's. */
function told(visit: Visit, refusal: Refusal) {
  const fields = fieldSentences(visit.locale, refusal, 0);
  if (refusal.detail.fields?.['email'] === 'email_taken') {
    fields['email'] = adminWords[visit.locale].invite.emailTaken;
  }
  const beside = Object.keys(fields).length > 0;
  return { error: beside ? null : refusalSentence(visit.locale, refusal, visit.requestId), fields };
}

function againRoutes(
  deps: Deps,
  site: Site,
  { steppedUpAdministrator: level }: AdministratorLevels,
): Route[] {
  const path = `${PEOPLE}/:id/invite`;
  const { db } = deps.database;

  /** Anybody whom the path can name. @throws {Refusal} not_found */
  async function find({ id }: Readonly<Record<string, string>>, now: number) {
    const row = idField.safeParse(id).success ? await findPerson(db, id as string) : null;
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
