import { z } from 'zod';
import { isAdministrator } from '../accounts/account.ts';
import { listBuilds } from '../builds/build-store.ts';
import { changeApp, deleteApp, setIcon } from '../builds/change-app.ts';
import { createApp, refuseZeroBytes } from '../builds/create-app.ts';
import { readIcon } from '../builds/icon.ts';
import { LARGEST_ICON } from '../builds/picture-rules.ts';
import { listPublications } from '../builds/publication-store.ts';
import { type BuildDeps, findManaged, publisherOf } from '../builds/publisher.ts';
import { countBuilds, listApps } from '../builds/store.ts';
import { refuseField } from '../kit/refusal.ts';
import type { AdministratorLevels } from '../sessions/administrator.ts';
import { isFresh, type SignedIn } from '../sessions/session.ts';
import { page, seeOther } from '../web/answer.ts';
import { askingContent } from '../web/confirmation.ts';
import { takeNotice, withNotice } from '../web/flash.ts';
import { rawText, ruledText } from '../web/input.ts';
import { storeLayout } from '../web/layout.ts';
import { readUpload, type SentFile } from '../web/multipart.ts';
import { told } from '../web/refused-form.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { MANAGE } from './catalogue-pages.ts';
import { editAppPage, newAppPage } from './edit-pages.ts';
import { deletingApp, publishAppPage } from './publish-app-pages.ts';
import { publishListPage } from './publish-list-pages.ts';

const APP = `${MANAGE}/:app`;
const texts = { name: ruledText(500), description: ruledText(8000) };

type Params = Readonly<Record<string, string>>;

/** The apps that somebody publishes: made, named, shown, deleted. */
export function manageRoutes(
  deps: BuildDeps,
  site: Site,
  { publisher, steppedUpPublisher: level }: AdministratorLevels,
): Route[] {
  const { db } = deps.database;
  const slugOf = (params: Params) => params['app'] as string;
  const by = (who: SignedIn, visit: Visit) => publisherOf(who, visit);
  const find = (who: SignedIn, visit: Visit, params: Params) =>
    findManaged(db, by(who, visit), slugOf(params));
  const placeOf = (params: Params) => `${MANAGE}/${slugOf(params)}`;

  return [
    route({
      method: 'GET',
      path: MANAGE,
      level: publisher,
      async handle({ visit, who: { account } }) {
        const { message, cookies } = takeNotice(visit);
        const counts = await countBuilds(db);
        const own = await listApps(db, isAdministrator(account) ? null : account.id);
        const apps = own.map((app) => ({ ...app, ...(counts.get(app.id) ?? { builds: 0, live: 0 }) }));
        return page(publishListPage(site, visit, { account, apps, message }), 200, { cookies });
      },
    }),
    route({
      method: 'GET',
      path: `${MANAGE}/new`,
      level,
      handle: async ({ visit, who: { account } }) => page(newAppPage(site, visit, { account })),
    }),
    route({
      method: 'POST',
      path: `${MANAGE}/new`,
      level,
      body: z.strictObject({ ...texts, slug: ruledText(200) }),
      async handle({ visit, who, body }) {
        refuseZeroBytes(body.name, body.description);
        const { slug } = await createApp(deps, by(who, visit), body);
        return seeOther(`${MANAGE}/${slug}`, { cookies: [withNotice('app_created')] });
      },
      async mistake({ visit, who: { account }, body }, refusal) {
        const typed = { slug: rawText(body, 'slug'), ...typedTexts(body) };
        return newAppPage(site, visit, { account, ...typed, ...told(visit, refusal) });
      },
    }),
    route({
      method: 'GET',
      path: APP,
      level: publisher,
      async handle({ visit, who, params }) {
        const { message, cookies } = takeNotice(visit);
        const app = await find(who, visit, params);
        const builds = await listBuilds(db, app.id);
        const publications = await listPublications(db, app.id);
        const fresh = isFresh(who.session, visit.now, deps.config.lifetimes);
        const shown = { account: who.account, app, builds, publications, fresh, message };
        return page(publishAppPage(site, visit, shown), 200, { cookies });
      },
    }),
    route({
      method: 'GET',
      path: `${APP}/edit`,
      level,
      async handle({ visit, who, params }) {
        const { message, cookies } = takeNotice(visit);
        const app = await find(who, visit, params);
        return page(editAppPage(site, visit, { account: who.account, app, message }), 200, { cookies });
      },
    }),
    route({
      method: 'POST',
      path: `${APP}/edit`,
      level,
      body: z.strictObject(texts),
      async handle({ visit, who, params, body }) {
        refuseZeroBytes(body.name, body.description);
        await changeApp(deps, by(who, visit), slugOf(params), body);
        return seeOther(placeOf(params), { cookies: [withNotice('app_saved')] });
      },
      async mistake({ visit, who, params, body }, refusal) {
        const app = await find(who, visit, params);
        const shown = { account: who.account, app, message: null, ...typedTexts(body) };
        return editAppPage(site, visit, { ...shown, ...told(visit, refusal) });
      },
    }),
    route({
      method: 'POST',
      path: `${APP}/icon`,
      level,
      takes: 'upload',
      formPage: `${APP}/edit`,
      async handle({ visit, who, params, upload }) {
        await find(who, visit, params);
        const picture = await readUpload(upload, (_fields, file) => readPicture(file));
        const icon = await readIcon(picture, who.account.pseudonym);
        await setIcon(deps, by(who, visit), slugOf(params), icon);
        return seeOther(`${placeOf(params)}/edit`, { cookies: [withNotice('app_saved')] });
      },
      async mistake({ visit, who, params }, refusal) {
        const app = await find(who, visit, params);
        const shown = { account: who.account, app, message: null };
        return editAppPage(site, visit, { ...shown, ...told(visit, refusal) });
      },
    }),
    route({
      method: 'POST',
      path: `${APP}/icon/remove`,
      level,
      formPage: `${APP}/edit`,
      body: z.strictObject({}),
      async handle({ visit, who, params }) {
        await setIcon(deps, by(who, visit), slugOf(params), null);
        return seeOther(`${placeOf(params)}/edit`, { cookies: [withNotice('app_saved')] });
      },
    }),
    route({
      method: 'GET',
      path: `${APP}/delete`,
      level,
      async handle({ visit, who, params }) {
        const app = await find(who, visit, params);
        const builds = await listBuilds(db, app.id);
        const place = { href: placeOf(params), text: app.name };
        const question = askingContent(deletingApp(visit.locale, app, builds.length), place.href);
        const around = { current: 'publish', person: who.account, back: place } as const;
        return page(storeLayout(site, visit, { ...around, ...question }));
      },
    }),
    route({
      method: 'POST',
      path: `${APP}/delete`,
      level,
      body: z.strictObject({}),
      async handle({ visit, who, params }) {
        await deleteApp(deps, by(who, visit), slugOf(params));
        return seeOther(MANAGE, { cookies: [withNotice('app_deleted')] });
      },
    }),
  ];
}

const typedTexts = (body: Params | Readonly<Record<string, unknown>>) => ({
  name: rawText(body, 'name'),
  description: rawText(body, 'description', 8000),
});

/** Small enough to be in memory as a whole, and no larger. @throws {Refusal} invalid_input */
async function readPicture(file: SentFile | null): Promise<Buffer> {
  if (file === null) throw refuseField('icon', 'required');
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of file.stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > LARGEST_ICON) throw refuseField('icon', 'icon_too_large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
