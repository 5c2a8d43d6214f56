import { z } from 'zod';
import { changeClient, removeClient, rotateSecret } from '../../clients/change-clients.ts';
import { type Client, markOfSettings } from '../../clients/client.ts';
import { findClient } from '../../clients/store.ts';
import type { Deps } from '../../deps.ts';
import { listGroups } from '../../groups/store.ts';
import { Refusal } from '../../kit/refusal.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { isFresh, type SignedIn } from '../../sessions/session.ts';
import { page, seeOther } from '../../web/answer.ts';
import type { Confirmation } from '../../web/confirmation.ts';
import { takeNotice, withNotice } from '../../web/flash.ts';
import { rawText } from '../../web/input.ts';
import { told } from '../../web/refused-form.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import type { Locale } from '../../words/locale.ts';
import { inTheNameOf } from '../act.ts';
import { idIn } from '../ids.ts';
import { appPage, askRemove, askRenew, questionPage } from './app-pages.ts';
import { formPage } from './form-pages.ts';
import { APPS, appPath } from './paths.ts';
import { anyFields, readSettings, typedAgain, typedFrom } from './read-settings.ts';
import { handOver, takeOver } from './show-once.ts';
import { snippetsFor } from './snippets.ts';
import { appsWords } from './words.ts';

const ONE = `${APPS}/:id`;

/** One app: what it needs, its settings, its secret, its end. */
export function appRoutes(deps: Deps, site: Site, levels: AdministratorLevels): Route[] {
  const { db } = deps.database;
  const { administrator, steppedUpAdministrator: level } = levels;

  /** @throws {Refusal} not_found */
  async function find(params: Readonly<Record<string, string>>): Promise<Client> {
    const client = await findClient(db, idIn(params));
    if (!client) throw new Refusal('not_found');
    return client;
  }

  return [
    route({
      method: 'GET',
      path: ONE,
      level: administrator,
      async handle({ visit, who: { account, session }, params }) {
        const client = await find(params);
        const { message, cookies } = takeNotice(visit);
        const handed = takeOver(deps, visit, session.id, client.id);
        const { host, port } = deps.config;
        const secretHere = handed.secret ?? appsWords[visit.locale].app.secretHere;
        const place = { baseUrl: site.baseUrl, listens: `${host}:${port}` };
        const shown = appPage(site, visit, {
          account,
          client,
          groups: new Map((await listGroups(db)).map(({ id, name }) => [id, name])),
          snippets: snippetsFor(client, place, secretHere),
          secret: handed.secret,
          fresh: isFresh(session, visit.now, deps.config.lifetimes),
          message,
        });
        return page(shown, 200, { cookies: [...cookies, ...handed.cookies] });
      },
    }),
    route({
      method: 'GET',
      path: `${ONE}/edit`,
      level,
      async handle({ visit, who: { account }, params }) {
        const client = await find(params);
        const { kind } = client;
        const typed = typedFrom(client);
        const form = {
          account,
          kind,
          client,
          typed,
          seen: markOfSettings(client),
          groups: await listGroups(db),
        };
        return page(formPage(site, visit, form));
      },
    }),
    route({
      method: 'POST',
      path: `${ONE}/edit`,
      level,
      body: anyFields,
      async handle({ visit, who, params, body }) {
        const client = await find(params);
        const { seen, ...fields } = body;
        const settings = readSettings(client.kind, fields);
        // All of them are in the form: it may have stood open while somebody else closed the app to most people.
        const mark = seen === undefined ? undefined : rawText(body, 'seen');
        await changeClient(deps, inTheNameOf(visit, who), client.id, settings, mark);
        return seeOther(appPath(client), { cookies: [withNotice('app_changed')] });
      },
      async mistake({ visit, who: { account }, params, body }, refusal) {
        const client = await find(params);
        const { kind, isPublic } = client;
        // "See how it is now": with what was typed, that would be lost unseen.
        const overtaken = refusal.code === 'conflict';
        const form = {
          account,
          kind,
          client,
          typed: overtaken ? typedFrom(client) : typedAgain(body, isPublic),
          seen: overtaken ? markOfSettings(client) : rawText(body, 'seen'),
          groups: await listGroups(db),
        };
        return formPage(site, visit, { ...form, ...told(visit, refusal) });
      },
    }),
    ...asked('secret', askRenew, async ({ visit, who, client }) => {
      const secret = await rotateSecret(deps, inTheNameOf(visit, who), client.id);
      return seeOther(appPath(client), {
        cookies: [withNotice('app_secret_renewed'), handOver(deps, visit, who.session.id, client.id, secret)],
      });
    }),
    ...asked('remove', askRemove, async ({ visit, who, client }) => {
      await removeClient(deps, inTheNameOf(visit, who), client.id);
      return seeOther(APPS, { cookies: [withNotice('app_removed')] });
    }),
  ];

  /** A page that asks, and what is done then. */
  function asked(
    name: string,
    question: (locale: Locale, client: Client) => Confirmation,
    work: (call: Doing) => Promise<ReturnType<typeof seeOther>>,
  ): Route[] {
    const path = `${ONE}/${name}`;
    return [
      route({
        method: 'GET',
        path,
        level,
        async handle({ visit, who: { account }, params }) {
          const client = await find(params);
          return page(
            questionPage(site, visit, { account, client, error: null }, question(visit.locale, client)),
          );
        },
      }),
      route({
        method: 'POST',
        path,
        level,
        formPage: ONE,
        body: z.strictObject({}),
        handle: async ({ visit, who, params }) => work({ visit, who, client: await find(params) }),
        async mistake({ visit, who: { account }, params }, refusal) {
          const client = await find(params);
          const { error } = told(visit, refusal);
          return questionPage(site, visit, { account, client, error }, question(visit.locale, client));
        },
      }),
    ];
  }
}

interface Doing {
  readonly visit: Visit;
  readonly who: SignedIn;
  readonly client: Client;
}
