import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiAnswer, type Program, program } from '../kit/api-kit.ts';
import { somebody } from '../kit/attack-kit.ts';
import { BOUNDARY, MULTIPART, multipart, type SampleFile, sample } from '../kit/builds.ts';
import { ENGINES, type House } from '../kit/house.ts';
import { openListeningHouse } from '../kit/listening-house.ts';
import { enterPassword } from '../kit/people.ts';
import { newGroup } from '../kit/rules-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { appWithBuild, publisher } from '../kit/store-people.ts';

interface Sent {
  readonly id: string;
  readonly sha256: string;
}

const incoming = (house: House): string[] => {
  const folder = join(house.app.deps.config.dataDir, 'builds', 'incoming');
  return existsSync(folder) ? readdirSync(folder) : [];
};

/** As a release script sends it. */
async function send(
  house: House,
  { token }: Program,
  slug: string,
  file: SampleFile | null,
  fields: Readonly<Record<string, string>> = {},
  change: (body: Buffer) => Buffer = (body) => body,
): Promise<ApiAnswer> {
  const answer = await house.app.server.inject({
    method: 'POST',
    url: `/api/v1/store/apps/${slug}/builds`,
    headers: { authorization: `Bearer ${token}`, 'content-type': MULTIPART },
    payload: change(multipart({ version: '2.4.1', ...fields }, file)),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}

async function records(house: House, slug: string) {
  const rows = await house.app.database.db
    .selectFrom('audit_event')
    .select(['event', 'actor', 'subject', 'detail'])
    .where('event', 'like', 'store.%')
    .orderBy('seq')
    .execute();
  return rows
    .map((row) => ({ ...row, detail: JSON.parse(String(row.detail)) }))
    .filter(({ detail }) => detail.app === slug);
}

describe.each(ENGINES)('the App Store through the management API, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const newApp = async (slug: string) => {
    const client = await program(house, ['store:write']);
    const made = await client.call('createStoreApp', { body: { slug, name: `App ${slug}` } });
    expect(made.status).toBe(201);
    return client;
  };

  test('a release script makes an app, uploads for two systems, publishes both, withdraws, and removes', async () => {
    const client = await newApp('release');
    const params = { slug: 'release' };
    const apk = sample('apk', 'release-2.4.1.apk');
    const first = await send(house, client, 'release', apk, { notes: 'Faster.' });
    expect(first).toMatchObject({
      status: 201,
      body: {
        version: '2.4.1',
        notes: 'Faster.',
        platform: 'android',
        size: apk.bytes.length,
        sha256: createHash('sha256').update(apk.bytes).digest('hex'),
        publication: null,
      },
    });
    house.clock.advance(1000);
    const second = await send(house, client, 'release', sample('exe', 'release.exe'));
    const ids = [first, second].map(({ body }) => (body as Sent).id);

    const ann = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, ann);
    expect((await browser.get('/store/release')).status).toBe(404);
    const published = await client.call('publishBuilds', {
      params,
      body: { build_ids: ids, audience: 'everyone' },
    });
    expect(published.status).toBe(204);
    const got = await browser.get(`/store/release/builds/${ids[0]}/download`);
    expect(got.bytes.equals(apk.bytes)).toBe(true);
    const listed = await client.call('listBuilds', { params, query: { version: '2.4.1' } });
    expect(listed.body).toMatchObject({
      data: [
        { id: ids[1], platform: 'windows', publication: { everyone: true, groups: [] } },
        { id: ids[0], platform: 'android', downloads: 1, publication: { everyone: true } },
      ],
      next_cursor: null,
    });

    const group = await newGroup(house, `Testers ${engine}`);
    const narrowed = { build_ids: [ids[0] as string], audience: [group.id] };
    expect((await client.call('publishBuilds', { params, body: narrowed })).status).toBe(204);
    expect((await browser.get(`/store/release/builds/${ids[0]}/download`)).status).toBe(404);
    const one = { ...params, build_id: ids[0] as string };
    expect((await client.call('getBuild', { params: one })).body).toMatchObject({
      publication: { everyone: false, groups: [group] },
    });
    const withdraw = { params, body: { build_ids: ids } };
    expect(await client.call('withdrawBuilds', withdraw)).toMatchObject({ body: { withdrawn: 2 } });
    expect(await client.call('withdrawBuilds', withdraw)).toMatchObject({ body: { withdrawn: 0 } });
    expect((await browser.get('/store/release')).status).toBe(404);
    expect((await client.call('removeBuild', { params: one })).status).toBe(204);
    expect((await client.call('getBuild', { params: one })).status).toBe(404);
    expect(existsSync(join(house.app.deps.config.dataDir, 'builds', ids[0] as string))).toBe(false);
    expect((await client.call('removeStoreApp', { params })).status).toBe(204);
    expect((await client.call('getStoreApp', { params })).status).toBe(404);

    const told = await records(house, 'release');
    expect(told.map(({ event }) => event)).toEqual([
      'store.app_created',
      'store.build_uploaded',
      'store.build_uploaded',
      'store.published',
      'store.published',
      'store.downloaded',
      'store.published',
      'store.withdrawn',
      'store.withdrawn',
      'store.build_deleted',
      'store.app_deleted',
    ]);
    for (const { event, actor, subject } of told.filter((row) => row.event !== 'store.downloaded'))
      expect([event, actor, subject]).toEqual([event, `client:${client.clientId}`, null]);
  });

  test('lists go on where the last page ended, to the end, also of builds that came at the same moment', async () => {
    const client = await newApp('paged');
    const ids: string[] = [];
    for (const version of ['1', '2', '3', '4', '5']) {
      if (version === '4') house.clock.advance(1000);
      ids.push(((await send(house, client, 'paged', sample('apk'), { version })).body as Sent).id);
    }
    await newApp('paged-too');
    const readAll = async (id: string, limit: string, params: Record<string, string> = {}) => {
      const found: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const query = { limit, ...(cursor ? { cursor } : {}) };
        const { status, body } = await client.call(id, { params, query });
        expect(status).toBe(200);
        const page = body as { data: { id: string; slug?: string }[]; next_cursor: string | null };
        found.push(...page.data.map((one) => one.slug ?? one.id));
        cursor = page.next_cursor;
      }
      return found;
    };
    const found = await readAll('listBuilds', '2', { slug: 'paged' });
    expect(new Set(found.slice(0, 2))).toEqual(new Set(ids.slice(3)));
    expect(found.toSorted()).toEqual(ids.toSorted());
    const apps = await readAll('listStoreApps', '1');
    expect(apps).toEqual([...new Set(apps)]);
    expect(apps).toEqual(expect.arrayContaining(['paged', 'paged-too']));
    for (const cursor of ['%', 'YWJj', Buffer.from('1/').toString('base64url')])
      expect([
        cursor,
        (await client.call('listBuilds', { params: { slug: 'paged' }, query: { cursor } })).status,
      ]).toEqual([cursor, 400]);
  });

  test('A12, A60: what the Dashboard does not take, a program does not bring in either', async () => {
    const client = await newApp('strict');
    const html: SampleFile = { name: 'notes.apk', bytes: Buffer.from('<!doctype html><script>') };
    const cases: readonly [string, Promise<ApiAnswer>, number, string][] = [
      ['no file', send(house, client, 'strict', null), 422, 'body.file'],
      ['another kind inside', send(house, client, 'strict', html), 422, 'body.file'],
      ['a page', send(house, client, 'strict', { ...html, name: 'notes.html' }), 422, 'body.file'],
      ['a path', send(house, client, 'strict', sample('apk', '../../x.apk')), 422, 'body.file'],
      [
        'a bad version',
        send(house, client, 'strict', sample('apk'), { version: '../1' }),
        422,
        'body.version',
      ],
      [
        'another system',
        send(house, client, 'strict', sample('apk'), { platform: 'ios' }),
        422,
        'body.platform',
      ],
      ['no system', send(house, client, 'strict', sample('zip'), { platform: '' }), 400, 'body.platform'],
      ['an owner', send(house, client, 'strict', sample('apk'), { owner_id: 'x' }), 400, 'body'],
    ];
    for (const [name, sending, status, at] of cases) {
      const answer = await sending;
      expect([name, answer.status, answer.headers['content-type']]).toEqual([
        name,
        status,
        'application/problem+json; charset=utf-8',
      ]);
      expect(answer.body, name).toMatchObject({ errors: [{ at }] });
    }
    // Sent as Latin-1, as an old console does: kept it would be text that nobody wrote.
    const latin1 = (body: Buffer) =>
      Buffer.from(body.toString('latin1').replace('Rapido', 'R\xe1pido'), 'latin1');
    const broken = await send(house, client, 'strict', sample('apk'), { notes: 'Rapido' }, latin1);
    expect([broken.status, (broken.body as { code: string }).code]).toEqual([400, 'malformed_request']);
    const named = await send(house, client, 'strict', sample('apk', 'Rapido.apk'), {}, latin1);
    expect(named.body).toMatchObject({ errors: [{ at: 'body.file' }] });
    const cut = (length: number) => (body: Buffer) => body.subarray(0, length);
    for (const length of [0, 30, 400])
      expect((await send(house, client, 'strict', sample('apk'), {}, cut(length))).status).toBe(400);
    // `curl -F file=@app.apk -F notes=…`: acknowledged without the notes they would be lost.
    const behind = (fields: Record<string, string>, file: SampleFile | null) => (body: Buffer) =>
      Buffer.concat([body.subarray(0, body.lastIndexOf(`--${BOUNDARY}--`)), multipart(fields, file)]);
    const bytesOf = (name: string, content: string) =>
      Buffer.from(
        `--${BOUNDARY}\r\nContent-Disposition: form-data; ${name}\r\nContent-Type: application/octet-stream\r\n\r\n${content}\r\n`,
      );
    const notes = bytesOf('name="notes"', 'Faster');
    for (const late of [
      behind({ notes: 'Faster' }, null),
      behind({}, sample('apk')),
      // As the third file field, the first one empty.
      (body: Buffer) =>
        Buffer.concat([bytesOf('name="icon"; filename=""', ''), behind({}, sample('apk'))(body)]),
      // A text that says it is bytes, before the file and behind it.
      (body: Buffer) => Buffer.concat([notes, body]),
      (body: Buffer) =>
        Buffer.concat([body.subarray(0, body.lastIndexOf(`--${BOUNDARY}--`)), notes, multipart({}, null)]),
    ]) {
      const told = await send(house, client, 'strict', sample('apk'), {}, late);
      expect([told.status, (told.body as { code: string }).code]).toEqual([400, 'malformed_request']);
    }
    expect((await send(house, client, 'nothing', sample('apk'))).status).toBe(404);
    expect((await send(house, client, 'strict', sample('apk'))).status).toBe(201);
    expect((await send(house, client, 'strict', sample('apk'))).body).toMatchObject({
      code: 'invalid_input',
      errors: [{ at: 'body.version' }],
    });
    expect(incoming(house)).toEqual([]);
    const { body } = await client.call('listBuilds', { params: { slug: 'strict' } });
    expect((body as { data: unknown[] }).data).toHaveLength(1);
  });

  test('a build larger than the policy allows is refused, and nothing of it stays', async () => {
    const client = await newApp('large');
    const policy = await program(house, ['policy:write']);
    await policy.call('changePolicy', { body: { build_size_mib: 1 } });
    const { bytes } = sample('deb');
    const big = { name: 'big.deb', bytes: Buffer.concat([bytes, Buffer.alloc(1024 * 1024)]) };
    expect(await send(house, client, 'large', big)).toMatchObject({
      status: 422,
      body: { errors: [{ at: 'body.file' }] },
    });
    await policy.call('changePolicy', { body: { build_size_mib: 2 } });
    expect((await send(house, client, 'large', big)).status).toBe(201);
    await policy.call('changePolicy', { body: { builds_per_app: 1 } });
    expect(await send(house, client, 'large', big, { version: '9' })).toMatchObject({
      status: 409,
      body: { code: 'too_many_builds' },
    });
    await policy.call('changePolicy', { body: { build_size_mib: 2048, builds_per_app: 100 } });
    expect(incoming(house)).toEqual([]);
  });

  test('bad names, unknown builds and groups: nothing is published, not even the good ones', async () => {
    const client = await newApp('careful');
    const other = await newApp('other');
    const params = { slug: 'careful' };
    const { id } = (await send(house, client, 'careful', sample('apk'))).body as Sent;
    const foreign = ((await send(house, other, 'other', sample('apk'))).body as Sent).id;
    const none = 'f'.repeat(32);
    for (const [build_ids, audience, status] of [
      [[id, none], 'everyone', 404],
      [[id, foreign], 'everyone', 404],
      [[id], [none], 422],
      [[id], [], 400],
      [[], 'everyone', 400],
      [[id], 'nobody', 400],
      [id, 'everyone', 400],
      [['../x'], 'everyone', 400],
    ] as const)
      expect([
        build_ids,
        (await client.call('publishBuilds', { params, body: { build_ids, audience } })).status,
      ]).toEqual([build_ids, status]);
    expect((await client.call('getBuild', { params: { ...params, build_id: id } })).body).toMatchObject({
      publication: null,
    });
    expect((await client.call('getBuild', { params: { ...params, build_id: foreign } })).status).toBe(404);
    for (const slug of ['Careful', 'a b', 'manage', '-x', '', 'x'.repeat(41)])
      expect((await client.call('createStoreApp', { body: { slug, name: 'X' } })).status, slug).toBe(422);
    const taken = await client.call('createStoreApp', { body: { slug: 'careful', name: 'X' } });
    expect(taken).toMatchObject({ status: 422, body: { errors: [{ at: 'body.slug' }] } });
    for (const body of [{ name: 'a\0b' }, { name: '' }, { description: 'x\0' }, { slug: 'moved' }])
      expect((await client.call('changeStoreApp', { params, body })).status, JSON.stringify(body)).toBe(400);
    expect((await client.call('listBuilds', { params, query: { version: '\0' } })).status).toBe(400);
  });

  test('a program looks after the apps of every publisher, as the operator does', async () => {
    const { browser } = await publisher(house);
    const { id } = await appWithBuild(browser, 'pias');
    const client = await program(house, ['store:write']);
    const params = { slug: 'pias' };
    const renamed = await client.call('changeStoreApp', { params, body: { name: 'Pia’s' } });
    expect(renamed.body).toMatchObject({ name: 'Pia’s', description: 'Notes in the field' });
    const publish = { params, body: { build_ids: [id], audience: 'everyone' } };
    expect((await client.call('publishBuilds', publish)).status).toBe(204);
    expect((await records(house, 'pias')).at(-1)).toMatchObject({ actor: `client:${client.clientId}` });
  });

  test.each([
    ['is removed', 401, 'token_required'],
    ['may no longer publish', 403, 'scope_missing'],
  ])('a program that %s while its upload comes in has uploaded nothing', async (what, status, code) => {
    const slug = `late-${status}`;
    const client = await newApp(slug);
    const body = multipart({ version: '1' }, sample('apk'));
    const payload = new PassThrough();
    payload.write(body.subarray(0, body.length - 50));
    const sending = house.app.server.inject({
      method: 'POST',
      url: `/api/v1/store/apps/${slug}/builds`,
      headers: { authorization: `Bearer ${client.token}`, 'content-type': MULTIPART },
      payload,
    });
    await expect.poll(() => incoming(house).length).toBe(1);
    const { db } = house.app.database;
    if (what === 'is removed') await db.deleteFrom('client').where('id', '=', client.clientId).execute();
    else
      await db
        .updateTable('client')
        .set({ scopes: 'audit:read' })
        .where('id', '=', client.clientId)
        .execute();
    payload.end(body.subarray(body.length - 50));
    const answer = await sending;
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(incoming(house)).toEqual([]);
    const rows = db.selectFrom('build').innerJoin('app', 'app.id', 'build.app_id').where('slug', '=', slug);
    expect(await rows.select('build.id').execute()).toEqual([]);
  });
});

describe('over a wire', () => {
  let house: House;
  let client: Program;
  beforeAll(async () => {
    house = await openListeningHouse();
    client = await program(house, ['store:write']);
    await client.call('createStoreApp', { body: { slug: 'wire', name: 'Wire' } });
  });
  afterAll(() => house.close());

  /** Ends the connection after so many bytes, where it is told to. -> 0 where nothing came back */
  function sendBytes(file: SampleFile, version: string, cutAt?: number): Promise<number> {
    const body = multipart({ version }, file);
    const headers = {
      authorization: `Bearer ${client.token}`,
      'content-type': MULTIPART,
      'content-length': body.length,
    };
    const url = `${house.app.deps.config.baseUrl}/api/v1/store/apps/wire/builds`;
    return new Promise((resolve) => {
      const sending = request(url, { method: 'POST', headers }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
      });
      sending.on('error', () => resolve(0));
      if (cutAt === undefined) sending.end(body);
      else sending.write(body.subarray(0, cutAt), () => setTimeout(() => sending.destroy(), 50));
    });
  }

  test('A60: forty megabytes come in whole; an upload that breaks off leaves nothing, and can be sent again', async () => {
    const bytes = Buffer.concat([sample('deb').bytes, Buffer.alloc(40 * 1024 * 1024, 7)]);
    const file = { name: 'big.deb', bytes };
    expect(await sendBytes(file, '1.0', 20 * 1024 * 1024)).toBe(0);
    await expect.poll(() => incoming(house)).toEqual([]);
    expect((await client.call('listBuilds', { params: { slug: 'wire' } })).body).toMatchObject({ data: [] });
    expect(await sendBytes(file, '1.0')).toBe(201);
    expect((await client.call('listBuilds', { params: { slug: 'wire' } })).body).toMatchObject({
      data: [{ size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }],
    });
    expect(incoming(house)).toEqual([]);
  });
});
