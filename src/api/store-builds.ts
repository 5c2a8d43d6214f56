import { z } from 'zod';
import type { App, Build, Publication } from '../builds/app.ts';
import { type BuildPlace, findBuild, listBuildsAfter } from '../builds/build-store.ts';
import { FORMATS, PLATFORMS } from '../builds/format-rules.ts';
import { listPublications } from '../builds/publication-store.ts';
import { deleteBuild, publishBuilds, withdrawBuilds } from '../builds/publish-build.ts';
import { type BuildDeps, findManaged } from '../builds/publisher.ts';
import { uploadBuild } from '../builds/upload-build.ts';
import { Refusal, refuseField } from '../kit/refusal.ts';
import { EXAMPLE } from './examples.ts';
import { operation } from './operation.ts';
import { asPage, notOurs, pageOf, paging, readCursor } from './paging.ts';
import { asInstant, id, instant } from './shapes.ts';
import { ofApp, publisherOf } from './store-apps.ts';

const tag = 'App Store';
const scope = 'store:write';
const version = z.string().max(200);
const publication = z
  .object({ everyone: z.boolean(), groups: z.array(z.object({ id, name: z.string() })), since: instant })
  .meta({ id: 'Publication' });
const build = z
  .object({
    id,
    version,
    notes: z.string(),
    platform: z.enum(PLATFORMS).meta({ description: '`any`: an archive that says nothing of it.' }),
    format: z.enum(FORMATS),
    file_name: z.string(),
    size: z.int().meta({ description: 'Bytes.' }),
    sha256: z.string(),
    downloads: z.int(),
    created_at: instant,
    publication: publication.nullable().meta({ description: 'Whom it is offered to now; null: nobody.' }),
  })
  .meta({ id: 'Build' });
const ofBuild = ofApp.extend({ build_id: id });
const builds = z.array(id).min(1).max(100);
const audience = z
  .union([z.literal('everyone'), z.array(id).min(1).max(200)])
  .meta({ description: '`everyone` who can sign in, or ids of groups.' });

const FIRST = {
  id: EXAMPLE.build,
  version: '2.4.0',
  notes: 'Faster.',
  platform: 'android',
  format: 'apk',
  file_name: 'field-notes-2.4.0.apk',
  size: 145,
  sha256: '2f1c0f7a6a5d6be3b9a4c1d98e7f60512f1c0f7a6a5d6be3b9a4c1d98e7f6051',
  downloads: 0,
  created_at: EXAMPLE.at,
  publication: { everyone: true, groups: [], since: EXAMPLE.at },
};
const example = { params: { slug: 'field-notes' } };

/** Files of an app: sent in, offered to people, withdrawn, removed. */
export function storeBuildOperations(deps: BuildDeps) {
  const { db } = deps.database;

  /** With whom each is offered to. */
  async function shown(app: Pick<App, 'id'>, found: readonly Build[]) {
    const ids = found.map((one) => one.id);
    const publications = ids.length === 0 ? [] : await listPublications(db, app.id, ids);
    const live = publications.filter(({ withdrawn_at }) => withdrawn_at === null);
    return found.map((one) => asJson(one, live.find(({ build_id }) => build_id === one.id) ?? null));
  }

  return [
    operation({
      id: 'listBuilds',
      method: 'GET',
      path: '/store/apps/{slug}/builds',
      tag,
      scope,
      summary: 'Builds of an app, newest first',
      params: ofApp,
      query: z.strictObject({
        ...paging,
        version: z
          .string()
          .regex(/^[\w.+-]{1,40}$/)
          .optional(),
      }),
      result: pageOf(build),
      refusals: ['not_found'],
      example: {
        ...example,
        query: { version: '2.4.0' },
        result: { data: [FIRST], next_cursor: null },
      },
      async handle({ params, query, ...call }) {
        const app = await findManaged(db, publisherOf(call), params.slug);
        const { limit, cursor } = query;
        const rows = await listBuildsAfter(db, app.id, query.version ?? null, placeOf(cursor), limit + 1);
        const page = asPage(
          rows,
          limit,
          (row) => `${row.created_at}/${row.id}`,
          (row) => row,
        );
        return { ...page, data: await shown(app, page.data) };
      },
    }),
    operation({
      id: 'uploadBuild',
      method: 'POST',
      path: '/store/apps/{slug}/builds',
      tag,
      scope,
      summary: 'Upload a build',
      description:
        'The fields come first, then the file, which is looked at as in the Dashboard and never held in memory. ' +
        'Nobody sees the build before it is published.',
      params: ofApp,
      upload: true,
      body: z.strictObject({
        version: version.meta({ description: '`2.4.1`: up to 40 characters, without spaces.' }),
        notes: z
          .string()
          .max(16_000)
          .default('')
          .meta({ description: 'What is new; up to 4,000 characters.' }),
        platform: z
          .enum(PLATFORMS)
          .optional()
          .meta({ description: 'For archives; of all others the kind of file says it.' }),
      }),
      status: 201,
      makes: 'id',
      result: build,
      refusals: ['not_found', 'invalid_input', 'store_full', 'too_many_builds', 'too_many_attempts'],
      example: {
        ...example,
        body: { version: '2.4.1', notes: 'Faster.' },
        file: 'field-notes-2.4.1.apk',
        result: { ...FIRST, version: '2.4.1', file_name: 'field-notes-2.4.1.apk', publication: null },
      },
      async handle({ params, body, file, ...call }) {
        const publisher = publisherOf(call);
        await findManaged(db, publisher, params.slug);
        if (file === null) throw refuseField('file', 'required');
        const asked = { ...body, platform: body.platform ?? null, fileName: file.name };
        return asJson(await uploadBuild(deps, publisher, params.slug, asked, file), null);
      },
    }),
    operation({
      id: 'getBuild',
      method: 'GET',
      path: '/store/apps/{slug}/builds/{build_id}',
      tag,
      scope,
      summary: 'One build',
      params: ofBuild,
      result: build,
      refusals: ['not_found'],
      example: { params: { ...example.params, build_id: EXAMPLE.build }, result: FIRST },
      async handle({ params, ...call }) {
        const app = await findManaged(db, publisherOf(call), params.slug);
        const found = await findBuild(db, app.id, params.build_id);
        if (!found) throw new Refusal('not_found');
        return (await shown(app, [found]))[0];
      },
    }),
    operation({
      id: 'removeBuild',
      method: 'DELETE',
      path: '/store/apps/{slug}/builds/{build_id}',
      tag,
      scope,
      summary: 'Remove a build, with its file',
      params: ofBuild,
      refusals: ['not_found'],
      example: { params: { ...example.params, build_id: EXAMPLE.build } },
      handle: ({ params, ...call }) => deleteBuild(deps, publisherOf(call), params.slug, params.build_id),
    }),
    operation({
      id: 'publishBuilds',
      method: 'POST',
      path: '/store/apps/{slug}/publish',
      tag,
      scope,
      summary: 'Offer builds to people',
      description: 'All of them or none; instead of whom they were offered to before.',
      params: ofApp,
      body: z.strictObject({ build_ids: builds, audience }),
      refusals: ['not_found', 'invalid_input'],
      example: { ...example, body: { build_ids: [EXAMPLE.build], audience: [EXAMPLE.group] } },
      async handle({ params, body, ...call }) {
        const ids = [...new Set(body.build_ids)];
        await publishBuilds(deps, publisherOf(call), params.slug, ids, body.audience).catch(explainAudience);
      },
    }),
    operation({
      id: 'withdrawBuilds',
      method: 'POST',
      path: '/store/apps/{slug}/withdraw',
      tag,
      scope,
      summary: 'Offer builds to nobody any more',
      params: ofApp,
      body: z.strictObject({ build_ids: builds }),
      result: z.object({ withdrawn: z.int().meta({ description: 'How many were offered until now.' }) }),
      refusals: ['not_found'],
      example: { ...example, body: { build_ids: [EXAMPLE.build] }, result: { withdrawn: 1 } },
      handle: async ({ params, body, ...call }) => ({
        withdrawn: await withdrawBuilds(deps, publisherOf(call), params.slug, [...new Set(body.build_ids)]),
      }),
    }),
  ];
}

/** By the name of the field that was sent. */
function explainAudience(error: unknown): never {
  const unknown = error instanceof Refusal && error.detail.fields?.['groups'] === 'audience_missing';
  throw unknown ? refuseField('audience', 'group_unknown') : error;
}

/** @throws {Refusal} malformed_request */
function placeOf(cursor: string | undefined): BuildPlace | null {
  if (cursor === undefined) return null;
  const [, at, after] = /^(\d{1,15})\/([\w-]{1,64})$/.exec(readCursor(cursor)) ?? [];
  if (at === undefined || after === undefined) throw notOurs();
  return { createdAt: Number(at), id: after };
}

function asJson(one: Build, live: Publication | null): z.infer<typeof build> {
  return {
    id: one.id,
    version: one.version,
    notes: one.notes,
    platform: one.platform,
    format: one.format,
    file_name: one.file_name,
    size: one.size,
    sha256: one.sha256,
    downloads: one.downloads,
    created_at: asInstant(one.created_at),
    publication: live && {
      everyone: live.everyone,
      groups: [...live.groups],
      since: asInstant(live.created_at),
    },
  };
}
