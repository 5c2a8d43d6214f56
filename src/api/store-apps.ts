import { z } from 'zod';
import type { App } from '../builds/app.ts';
import { changeApp, deleteApp } from '../builds/change-app.ts';
import { createApp } from '../builds/create-app.ts';
import { type BuildDeps, findManaged, type Publisher } from '../builds/publisher.ts';
import { listAppsAfter } from '../builds/store.ts';
import { EXAMPLE } from './examples.ts';
import { assertStillMay } from './level.ts';
import { type ApiCall, operation } from './operation.ts';
import { asPage, pageOf, paging, readCursor } from './paging.ts';
import { asInstant, id, instant } from './shapes.ts';

const tag = 'App Store';
const scope = 'store:write';
const slug = z
  .string()
  .max(200)
  .meta({ description: 'Its place in the address, `/store/SLUG`: 1 to 40 of a-z, 0-9 and `-`.' });
const name = z.string().min(1).max(500);
const description = z.string().max(8_000).meta({ description: 'Up to 2,000 characters.' });
const app = z
  .object({ id, slug, name, description, created_at: instant })
  .meta({ id: 'StoreApp', description: 'What people install. Web apps are `App`s.' });

/** An app is named by its address, which never changes. */
export const ofApp = z.strictObject({ slug });

export const NOTES = {
  id: EXAMPLE.app,
  slug: 'field-notes',
  name: 'Field Notes',
  description: 'Notes in the field.',
  created_at: EXAMPLE.at,
};

/** A program looks after every app, as the operator does; what it uploads must not outlive its rights. */
export function publisherOf({
  by,
  program,
}: Pick<ApiCall<never, never, never>, 'by' | 'program'>): Publisher {
  return { ...by, account: null, sessionId: null, assertStill: (tx) => assertStillMay(tx, program, scope) };
}

/** The apps that people install: found, made, named, removed. */
export function storeAppOperations(deps: BuildDeps) {
  const { db } = deps.database;
  const example = { params: { slug: NOTES.slug } };
  return [
    operation({
      id: 'listStoreApps',
      method: 'GET',
      path: '/store/apps',
      tag,
      scope,
      summary: 'All apps of the App Store, by address',
      query: z.strictObject(paging),
      result: pageOf(app),
      example: { query: { limit: '10' }, result: { data: [NOTES], next_cursor: null } },
      async handle({ query: { limit, cursor } }) {
        const rows = await listAppsAfter(db, readCursor(cursor), limit + 1);
        return asPage(rows, limit, (row) => row.slug, asJson);
      },
    }),
    operation({
      id: 'createStoreApp',
      method: 'POST',
      path: '/store/apps',
      tag,
      scope,
      summary: 'Make an app for the App Store',
      description: 'Administrators look after it, and programs. Nobody sees it before a build is published.',
      body: z.strictObject({ slug, name, description: description.default('') }),
      status: 201,
      makes: 'slug',
      result: app,
      refusals: ['invalid_input'],
      example: { body: { slug: 'map', name: 'Map' }, result: { ...NOTES, slug: 'map', name: 'Map' } },
      async handle({ body, ...call }) {
        return asJson(await createApp(deps, publisherOf(call), body));
      },
    }),
    operation({
      id: 'getStoreApp',
      method: 'GET',
      path: '/store/apps/{slug}',
      tag,
      scope,
      summary: 'One app of the App Store',
      params: ofApp,
      result: app,
      refusals: ['not_found'],
      example: { ...example, result: NOTES },
      handle: async ({ params, ...call }) => asJson(await findManaged(db, publisherOf(call), params.slug)),
    }),
    operation({
      id: 'changeStoreApp',
      method: 'PATCH',
      path: '/store/apps/{slug}',
      tag,
      scope,
      summary: 'Name and describe an app of the App Store',
      description: 'What isn’t sent stays as it is.',
      params: ofApp,
      body: z.strictObject({ name, description }).partial(),
      result: app,
      refusals: ['not_found', 'invalid_input'],
      example: {
        ...example,
        body: { name: 'Field Notes 2' },
        result: { ...NOTES, name: 'Field Notes 2' },
      },
      async handle({ params, body, ...call }) {
        const publisher = publisherOf(call);
        await changeApp(deps, publisher, params.slug, body);
        return asJson(await findManaged(db, publisher, params.slug));
      },
    }),
    operation({
      id: 'removeStoreApp',
      method: 'DELETE',
      path: '/store/apps/{slug}',
      tag,
      scope,
      summary: 'Remove an app from the App Store, with all its builds',
      params: ofApp,
      refusals: ['not_found'],
      example,
      handle: ({ params, ...call }) => deleteApp(deps, publisherOf(call), params.slug),
    }),
  ];
}

function asJson({ created_at, ...one }: App): z.infer<typeof app> {
  return {
    id: one.id,
    slug: one.slug,
    name: one.name,
    description: one.description,
    created_at: asInstant(created_at),
  };
}
