import { z } from 'zod';
import { readAddress } from '../../accounts/address.ts';
import { findAccountByAddress, lockAccount } from '../../accounts/store.ts';
import type { Deps } from '../../deps.ts';
import { addMember, removeMember } from '../../groups/change-groups.ts';
import { findGroup, type Group } from '../../groups/store.ts';
import { usesOf } from '../../groups/uses.ts';
import { Refusal, refuseField } from '../../kit/refusal.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import type { SignedIn } from '../../sessions/session.ts';
import { page, seeOther } from '../../web/answer.ts';
import { takeNotice, withNotice } from '../../web/flash.ts';
import { rawText, textField } from '../../web/input.ts';
import { told } from '../../web/refused-form.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { actAbout } from '../act.ts';
import { anyIdField, idIn } from '../ids.ts';
import { findPeople } from '../people/find-people.ts';
import { findPerson } from '../people/store.ts';
import { groupIn } from './find-group.ts';
import { GROUPS, type GroupPage, groupPage, leaveGroupPage } from './pages.ts';

type Params = Readonly<Record<string, string>>;

/** Who belongs, and the page of one group, which holds the form for one more. */
export function memberRoutes(
  deps: Deps,
  site: Site,
  { steppedUpAdministrator: level }: AdministratorLevels,
): Route[] {
  const path = `${GROUPS}/:id`;
  const member = `${path}/members/:member/remove`;
  const { db } = deps.database;

  async function show(
    visit: Visit,
    { account }: SignedIn,
    params: Params,
    rest: Partial<GroupPage> & { after?: string } = {},
  ) {
    const { after = '', ...told } = rest;
    const group = await groupIn(deps, params);
    const uses = await usesOf(db, group.id);
    const found = await findPeople(db, { text: '', show: { group: group.id }, after }, visit.now);
    return groupPage(site, visit, { account, group, uses, ...found, first: after === '', ...told });
  }

  return [
    route({
      method: 'GET',
      path,
      level,
      query: z.object({
        after: anyIdField.catch(''),
      }),
      async handle({ visit, who, params, query: { after } }) {
        const { message, cookies } = takeNotice(visit);
        return page(await show(visit, who, params, { after, message }), 200, { cookies });
      },
    }),
    route({
      method: 'POST',
      path: `${path}/members`,
      level,
      formPage: path,
      body: z.strictObject({ email: textField(320) }),
      async handle({ visit, who, params, body }) {
        const group = await groupIn(deps, params);
        await join(deps, visit, who, group, body.email);
        return seeOther(`${GROUPS}/${group.id}`, { cookies: [withNotice('person_joined')] });
      },
      mistake: ({ visit, who, params, body }, refusal) =>
        show(visit, who, params, { email: rawText(body, 'email'), ...told(visit, refusal) }),
    }),
    route({
      method: 'GET',
      path: member,
      level,
      async handle({ visit, who: { account }, params }) {
        const person = await findPerson(db, idIn(params, 'member'));
        if (!person) throw new Refusal('not_found');
        const group = await groupIn(deps, params);
        return page(leaveGroupPage(site, visit, { account, group, person }));
      },
    }),
    route({
      method: 'POST',
      path: member,
      level,
      formPage: path,
      body: z.strictObject({}),
      async handle({ visit, who, params }) {
        const group = await groupIn(deps, params);
        const id = idIn(params, 'member');
        await actAbout(deps, visit, who, id, async (tx, by) => {
          const person = await lockAccount(tx, id);
          if (!person || !(await removeMember(tx, by, group, person))) throw new Refusal('not_found');
        });
        return seeOther(`${GROUPS}/${group.id}`, { cookies: [withNotice('person_left')] });
      },
      mistake: ({ visit, who, params }, refusal) => show(visit, who, params, told(visit, refusal)),
    }),
  ];
}

/** @throws {Refusal} invalid_input on `email`: email_invalid, person_unknown; changes_frozen, not_found */
async function join(deps: Deps, visit: Visit, who: SignedIn, group: Group, email: string): Promise<void> {
  const address = readAddress(email);
  if (!address) throw refuseField('email', 'email_invalid');
  const person = await findAccountByAddress(deps.database.db, address.key);
  if (!person) throw refuseField('email', 'person_unknown');
  await actAbout(deps, visit, who, person.id, async (tx, by) => {
    if (!(await findGroup(tx, group.id))) throw new Refusal('not_found');
    await addMember(tx, by, group, person);
  });
}
