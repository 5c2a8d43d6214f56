import { isAdministrator } from '../../accounts/account.ts';
import { createClient } from '../../clients/change-clients.ts';
import type { ClientKind } from '../../clients/client.ts';
import { listClients } from '../../clients/store.ts';
import type { Deps } from '../../deps.ts';
import { listGroups } from '../../groups/store.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { page, seeOther } from '../../web/answer.ts';
import { takeNotice, withNotice } from '../../web/flash.ts';
import { told } from '../../web/refused-form.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import { inTheNameOf } from '../act.ts';
import { appRoutes } from './app-routes.ts';
import { formPage } from './form-pages.ts';
import { choosePage, listPage, publisherPage } from './list-pages.ts';
import { APPS, appPath, newPath } from './paths.ts';
import { anyFields, readNewSettings, typedAgain, typedFrom } from './read-settings.ts';
import { handOver } from './show-once.ts';
import { lastUses } from './store.ts';

/** The apps that sign their people in here; their publishers are told where those for download are. */
export function appsRoutes(deps: Deps, site: Site, levels: AdministratorLevels): Route[] {
  const { db } = deps.database;
  return [
    route({
      method: 'GET',
      path: APPS,
      level: levels.publisher,
      async handle({ visit, who: { account } }) {
        if (!isAdministrator(account)) return page(publisherPage(site, visit, account));
        const { message, cookies } = takeNotice(visit);
        const groups = new Map((await listGroups(db)).map(({ id, name }) => [id, name]));
        const [clients, uses] = [await listClients(db), await lastUses(db)];
        return page(listPage(site, visit, { account, clients, groups, uses, message }), 200, { cookies });
      },
    }),
    route({
      method: 'GET',
      path: `${APPS}/new`,
      level: levels.administrator,
      handle: async ({ visit, who: { account } }) => page(choosePage(site, visit, account)),
    }),
    ...(['oidc', 'forward-auth', 'api'] as const).flatMap((kind) => newRoutes(deps, site, levels, kind)),
    ...appRoutes(deps, site, levels),
  ];
}

function newRoutes(
  deps: Deps,
  site: Site,
  { steppedUpAdministrator: level }: AdministratorLevels,
  kind: ClientKind,
): Route[] {
  const path = newPath(kind);
  const groups = () => listGroups(deps.database.db);
  return [
    route({
      method: 'GET',
      path,
      level,
      async handle({ visit, who: { account } }) {
        const form = { account, kind, client: null, typed: typedFrom(null), groups: await groups() };
        return page(formPage(site, visit, form));
      },
    }),
    route({
      method: 'POST',
      path,
      level,
      body: anyFields,
      async handle({ visit, who, body }) {
        const { settings, isPublic } = readNewSettings(kind, body);
        const made = await createClient(deps, inTheNameOf(visit, who), kind, isPublic, settings);
        const { clientId: id, clientSecret } = made;
        const secret = clientSecret === null ? [] : [handOver(deps, visit, who.session.id, id, clientSecret)];
        return seeOther(appPath({ id }), { cookies: [withNotice('app_registered'), ...secret] });
      },
      async mistake({ visit, who: { account }, body }, refusal) {
        const form = { account, kind, client: null, typed: typedAgain(body, false), groups: await groups() };
        return formPage(site, visit, { ...form, ...told(visit, refusal) });
      },
    }),
  ];
}
