import { z } from 'zod';
import { findBuild } from '../builds/build-store.ts';
import { PLATFORMS } from '../builds/format-rules.ts';
import { listPublications } from '../builds/publication-store.ts';
import { deleteBuild, publishBuilds, withdrawBuilds } from '../builds/publish-build.ts';
import { type BuildDeps, findManaged, publisherOf } from '../builds/publisher.ts';
import { uploadBuild } from '../builds/upload-build.ts';
import { listCountedGroups } from '../groups/store.ts';
import { Refusal, refuseField } from '../kit/refusal.ts';
import { policyValue } from '../policy/values.ts';
import type { AdministratorLevels } from '../sessions/administrator.ts';
import { keepAwake } from '../sessions/keep-awake.ts';
import type { SignedIn } from '../sessions/session.ts';
import { page, seeOther } from '../web/answer.ts';
import { askingContent, type Confirmation } from '../web/confirmation.ts';
import { withNotice } from '../web/flash.ts';
import { idField, rawText, readInput, ruledText } from '../web/input.ts';
import { storeLayout } from '../web/layout.ts';
import { readUpload, typedFields } from '../web/multipart.ts';
import { told } from '../web/refused-form.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { audiencePage } from './audience-pages.ts';
import { MANAGE } from './catalogue-pages.ts';
import { deletingBuild, withdrawing } from './publish-app-pages.ts';
import { uploadPage } from './upload-pages.ts';

const APP = `${MANAGE}/:app`;
const BUILD = `${APP}/builds/:build`;
const MIB = 1024 * 1024;

const newBuild = z.strictObject({
  version: ruledText(200),
  platform: z.enum(['', ...PLATFORMS], 'malformed').default(''),
  notes: ruledText(16_000),
});

/** One box that is ticked comes as a text, several as a list. */
const audience = z.strictObject({
  audience: z.enum(['everyone', 'groups'], 'malformed'),
  groups: z.union([idField.transform((one) => [one]), z.array(idField).max(1000)], 'malformed').default([]),
});

type Params = Readonly<Record<string, string>>;

/** Builds of an app: uploaded, offered, withdrawn, deleted. */
export function buildRoutes(
  deps: BuildDeps,
  site: Site,
  { steppedUpPublisher: level }: AdministratorLevels,
): Route[] {
  const { db } = deps.database;
  const slugOf = (params: Params) => params['app'] as string;
  const buildOf = (params: Params) => params['build'] as string;
  const placeOf = (params: Params) => `${MANAGE}/${slugOf(params)}`;

  /** @throws {Refusal} not_found */
  async function find(who: SignedIn, visit: Visit, params: Params) {
    const app = await findManaged(db, publisherOf(who, visit), slugOf(params));
    const build = await findBuild(db, app.id, buildOf(params));
    if (!build) throw new Refusal('not_found');
    return { account: who.account, app, build };
  }

  async function around(who: SignedIn, visit: Visit, params: Params) {
    const app = await findManaged(db, publisherOf(who, visit), slugOf(params));
    return { account: who.account, app, most: (await policyValue(db, 'build_size_mib')) * MIB };
  }

  const uploading = [
    route({
      method: 'GET',
      path: `${APP}/upload`,
      level,
      handle: async ({ visit, who, params }) =>
        page(uploadPage(site, visit, await around(who, visit, params))),
    }),
    route({
      method: 'POST',
      path: `${APP}/upload`,
      level,
      takes: 'upload',
      async handle({ visit, who, params, upload }) {
        await around(who, visit, params);
        await readUpload(upload, async (fields, file) => {
          const { platform, ...typed } = readInput(newBuild, fields);
          // Before a gigabyte has come in that could not be taken.
          if (file === null) throw refuseField('file', 'required');
          await uploadBuild(
            deps,
            publisherOf(who, visit),
            slugOf(params),
            { ...typed, platform: platform || null, fileName: file.name },
            { stream: file.stream, onProgress: keepAwake(deps, who.session, visit) },
          );
        });
        return seeOther(placeOf(params), { cookies: [withNotice('build_uploaded')] });
      },
      async mistake({ visit, who, params, upload }, refusal) {
        const fields = typedFields(upload);
        const typed = {
          version: rawText(fields, 'version'),
          platform: rawText(fields, 'platform'),
          notes: rawText(fields, 'notes', 16_000),
        };
        return uploadPage(site, visit, {
          ...(await around(who, visit, params)),
          ...typed,
          ...told(visit, refusal),
        });
      },
    }),
  ];

  const publishing = [
    route({
      method: 'GET',
      path: `${BUILD}/publish`,
      level,
      async handle({ visit, who, params }) {
        const found = await find(who, visit, params);
        const now = (await listPublications(db, found.app.id)).find(
          ({ build_id, withdrawn_at }) => build_id === found.build.id && withdrawn_at === null,
        );
        const chosen = now?.groups.map(({ id }) => id) ?? [];
        const shown = {
          ...found,
          groups: await listCountedGroups(db),
          everyone: now?.everyone ?? true,
          chosen,
        };
        return page(audiencePage(site, visit, shown));
      },
    }),
    route({
      method: 'POST',
      path: `${BUILD}/publish`,
      level,
      body: audience,
      async handle({ visit, who, params, body }) {
        const to = body.audience === 'everyone' ? 'everyone' : body.groups;
        await publishBuilds(deps, publisherOf(who, visit), slugOf(params), [buildOf(params)], to);
        return seeOther(placeOf(params), { cookies: [withNotice('build_published')] });
      },
      async mistake({ visit, who, params, body }, refusal) {
        const found = await find(who, visit, params);
        const chosen = [body['groups'] ?? []].flat().map(String);
        const everyone = body['audience'] === 'everyone';
        const shown = { ...found, groups: await listCountedGroups(db), everyone, chosen };
        return audiencePage(site, visit, { ...shown, ...told(visit, refusal) });
      },
    }),
    ...asked('withdraw', withdrawing, async (who, visit, params) => {
      await withdrawBuilds(deps, publisherOf(who, visit), slugOf(params), [buildOf(params)]);
      return 'build_withdrawn';
    }),
    ...asked('delete', deletingBuild, async (who, visit, params) => {
      await deleteBuild(deps, publisherOf(who, visit), slugOf(params), buildOf(params));
      return 'build_deleted';
    }),
  ];

  /** A page that asks, and the deed. */
  function asked(
    verb: 'withdraw' | 'delete',
    question: typeof withdrawing,
    act: (who: SignedIn, visit: Visit, params: Params) => Promise<Parameters<typeof withNotice>[0]>,
  ): Route[] {
    return [
      route({
        method: 'GET',
        path: `${BUILD}/${verb}`,
        level,
        async handle({ visit, who, params }) {
          const { account, app, build } = await find(who, visit, params);
          const confirmation: Confirmation = question(visit.locale, app.slug, build);
          const back = { href: placeOf(params), text: app.name };
          const content = askingContent(confirmation, back.href);
          return page(storeLayout(site, visit, { current: 'publish', person: account, back, ...content }));
        },
      }),
      route({
        method: 'POST',
        path: `${BUILD}/${verb}`,
        level,
        body: z.strictObject({}),
        async handle({ visit, who, params }) {
          const notice = await act(who, visit, params);
          return seeOther(placeOf(params), { cookies: [withNotice(notice)] });
        },
      }),
    ];
  }

  return [...uploading, ...publishing];
}
