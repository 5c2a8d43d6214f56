import { z } from 'zod';
import { listOffers } from '../builds/publication-store.ts';
import { type BuildDeps, managesHere } from '../builds/publisher.ts';
import { findApp, findIcon } from '../builds/store.ts';
import { codesLeft } from '../factors/recovery-codes/store.ts';
import { Refusal } from '../kit/refusal.ts';
import { administratorLevels } from '../sessions/administrator.ts';
import type { Levels } from '../sessions/require.ts';
import type { SignedIn } from '../sessions/session.ts';
import { page } from '../web/answer.ts';
import { takeNotice } from '../web/flash.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { appPage } from './app-pages.ts';
import { buildRoutes } from './build-routes.ts';
import { readCatalogue } from './catalogue.ts';
import { cataloguePage, STORE } from './catalogue-pages.ts';
import { downloadRoutes } from './download-routes.ts';
import { manageRoutes } from './manage-routes.ts';
import { platformOf } from './platform-of.ts';

/** What people open and install, and the pages of those who publish it. */
export function appStoreRoutes(deps: BuildDeps, site: Site, levels: Levels): Route[] {
  const publishing = administratorLevels(deps, levels);
  return [
    ...catalogueRoutes(deps, site, levels),
    ...downloadRoutes(deps, site, levels),
    ...manageRoutes(deps, site, publishing),
    ...buildRoutes(deps, site, publishing),
  ];
}

function catalogueRoutes(deps: BuildDeps, site: Site, { signedIn }: Levels): Route[] {
  const { db } = deps.database;

  /** For somebody to whom nothing of it is offered there is no such app. @throws {Refusal} not_found */
  async function find(slug: string, who: SignedIn) {
    const app = await findApp(db, slug);
    const offers = app ? await listOffers(db, app.id, who.account.id) : [];
    const manages = app !== null && managesHere(who, app);
    return { app, offers, manages };
  }

  return [
    route({
      method: 'GET',
      path: STORE,
      level: signedIn,
      query: z.object({ q: z.string().catch('') }),
      async handle({ visit, who, query }) {
        const { message, cookies } = takeNotice(visit);
        const text = query.q.trim().slice(0, 200);
        const found = await readCatalogue(deps, who, text, visit);
        const { account } = who;
        const noCodes = account.two_factor_at !== null && !(await codesLeft(db, account.id))?.left;
        const shown = { ...found, account, text, message, noCodes, system: platformOf(visit.browser) };
        return page(cataloguePage(site, visit, shown), 200, { cookies });
      },
    }),
    route({
      method: 'GET',
      path: `${STORE}/:app`,
      level: signedIn,
      async handle({ visit, who, params }) {
        const { app, offers, manages } = await find(params['app'] as string, who);
        if (!app || offers.length === 0) throw new Refusal('not_found');
        const { account } = who;
        const shown = { account, app, offers, manages, system: platformOf(visit.browser) };
        return page(appPage(site, visit, shown));
      },
    }),
    route({
      method: 'GET',
      path: `${STORE}/:app/icon`,
      level: signedIn,
      async handle({ who, params }) {
        const { app, offers, manages } = await find(params['app'] as string, who);
        const png = app && (manages || offers.length > 0) ? await findIcon(db, app.id) : null;
        if (!png) throw new Refusal('not_found');
        const headers = {
          'content-type': 'image/png',
          // Its address changes with the picture. Others may not see it, so only this browser keeps it.
          'cache-control': 'private, max-age=31536000, immutable',
        };
        return { status: 200, cookies: [], headers, body: png };
      },
    }),
  ];
}
