import { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { createGroup, removeGroup, renameGroup } from '../../groups/change-groups.ts';
import { listCountedGroups } from '../../groups/store.ts';
import { usesOf } from '../../groups/uses.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import type { SignedIn } from '../../sessions/session.ts';
import { page, seeOther } from '../../web/answer.ts';
import { takeNotice, withNotice } from '../../web/flash.ts';
import { rawText, ruledText } from '../../web/input.ts';
import { told } from '../../web/refused-form.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { inTheNameOf } from '../act.ts';
import { groupIn } from './find-group.ts';
import { memberRoutes } from './member-routes.ts';
import { GROUPS, groupNamePage, groupsPage, removeGroupPage } from './pages.ts';

type Params = Readonly<Record<string, string>>;

export function groupRoutes(deps: Deps, site: Site, levels: AdministratorLevels): Route[] {
  return [
    route({
      method: 'GET',
      path: GROUPS,
      level: levels.administrator,
      async handle({ visit, who: { account } }) {
        const { message, cookies } = takeNotice(visit);
        const groups = await listCountedGroups(deps.database.db);
        return page(groupsPage(site, visit, { account, groups, message }), 200, { cookies });
      },
    }),
    ...nameRoutes(deps, site, levels),
    ...removeRoutes(deps, site, levels),
    ...memberRoutes(deps, site, levels),
  ];
}

function nameRoutes(deps: Deps, site: Site, { steppedUpAdministrator: level }: AdministratorLevels): Route[] {
  const create = `${GROUPS}/create`;
  const rename = `${GROUPS}/:id/rename`;
  const body = z.strictObject({ name: ruledText(500) });
  return [
    route({
      method: 'GET',
      path: create,
      level,
      handle: async ({ visit, who: { account } }) =>
        page(groupNamePage(site, visit, { account, group: null })),
    }),
    route({
      method: 'POST',
      path: create,
      level,
      body,
      async handle({ visit, who, body }) {
        const { id } = await createGroup(deps, inTheNameOf(visit, who), body.name);
        return seeOther(`${GROUPS}/${id}`, { cookies: [withNotice('group_created')] });
      },
      async mistake({ visit, who: { account }, body }, refusal) {
        const name = rawText(body, 'name');
        return groupNamePage(site, visit, { account, group: null, name, ...told(visit, refusal) });
      },
    }),
    route({
      method: 'GET',
      path: rename,
      level,
      handle: async ({ visit, who: { account }, params }) =>
        page(groupNamePage(site, visit, { account, group: await groupIn(deps, params) })),
    }),
    route({
      method: 'POST',
      path: rename,
      level,
      body,
      async handle({ visit, who, params, body }) {
        const { id } = await groupIn(deps, params);
        await renameGroup(deps, inTheNameOf(visit, who), id, body.name);
        return seeOther(`${GROUPS}/${id}`, { cookies: [withNotice('group_renamed')] });
      },
      async mistake({ visit, who: { account }, params, body }, refusal) {
        const group = await groupIn(deps, params);
        const name = rawText(body, 'name');
        return groupNamePage(site, visit, { account, group, name, ...told(visit, refusal) });
      },
    }),
  ];
}

function removeRoutes(
  deps: Deps,
  site: Site,
  { steppedUpAdministrator: level }: AdministratorLevels,
): Route[] {
  const path = `${GROUPS}/:id/remove`;

  async function show(visit: Visit, { account }: SignedIn, params: Params, error: string | null) {
    const group = await groupIn(deps, params);
    const uses = await usesOf(deps.database.db, group.id);
    return removeGroupPage(site, visit, { account, group, uses, error });
  }

  return [
    route({
      method: 'GET',
      path,
      level,
      handle: async ({ visit, who, params }) => page(await show(visit, who, params, null)),
    }),
    route({
      method: 'POST',
      path,
      level,
      body: z.strictObject({}),
      async handle({ visit, who, params }) {
        await removeGroup(deps, inTheNameOf(visit, who), (await groupIn(deps, params)).id);
        return seeOther(GROUPS, { cookies: [withNotice('group_removed')] });
      },
      mistake: ({ visit, who, params }, refusal) => show(visit, who, params, told(visit, refusal).error),
    }),
  ];
}
