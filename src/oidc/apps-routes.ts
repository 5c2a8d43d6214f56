import { type ConnectedApp, listConnectedApps } from '../clients/consent-store.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Levels } from '../sessions/require.ts';
import type { SignedIn } from '../sessions/session.ts';
import { page, seeOther } from '../web/answer.ts';
import { takeNotice, withNotice } from '../web/flash.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { appsPage, removePage, type ShownApp } from './apps-pages.ts';
import { describeScopes } from './describe-scopes.ts';
import { removeAccess } from './remove-access.ts';
import { inWords } from './scopes.ts';

const HERE = '/account/apps';

/** Account > Connected apps: what was allowed to which app, and taking it back (R68). */
export function appsRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  const { db } = deps.database;

  async function shown(visit: Visit, { account }: SignedIn, app: ConnectedApp): Promise<ShownApp> {
    const scopes = inWords(app.scope);
    return { ...app, may: await describeScopes(db, visit.locale, account, scopes, inWords(app.claims)) };
  }

  return [
    route({
      method: 'GET',
      path: HERE,
      level: levels.signedIn,
      async handle({ visit, who }) {
        const { message, cookies } = takeNotice(visit);
        const all = await listConnectedApps(db, who.account.id);
        const apps = await Promise.all(all.map((app) => shown(visit, who, app)));
        return page(appsPage(site, visit, { account: who.account, apps, message }), 200, { cookies });
      },
    }),
    route({
      method: 'GET',
      path: `${HERE}/:id/remove`,
      level: levels.signedIn,
      async handle({ visit, who, params }) {
        const all = await listConnectedApps(db, who.account.id);
        const app = all.find(({ client_id }) => client_id === params['id']);
        if (!app) throw new Refusal('not_found');
        return page(removePage(site, visit, who.account, app));
      },
    }),
    route({
      method: 'POST',
      path: `${HERE}/:id/remove`,
      level: levels.signedIn,
      formPage: HERE,
      async handle({ visit, who, params }) {
        await removeAccess(deps, visit, who, params['id'] ?? '');
        return seeOther(HERE, { cookies: [withNotice('access_removed')] });
      },
    }),
  ];
}
