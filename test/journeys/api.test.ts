import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { EXAMPLE } from '../../src/api/examples.ts';
import type { Operation } from '../../src/api/operation.ts';
import { API_SCOPES, type ApiScope } from '../../src/clients/client.ts';
import { HOUR } from '../../src/kit/clock.ts';
import { makeExamples } from '../kit/api-examples.ts';
import { callApi, giveToken, operationsOf } from '../kit/api-kit.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addProtectedPerson } from '../kit/people.ts';

describe.each(ENGINES)('the management API, on %s', (engine) => {
  let house: House;
  let operations: Operation[];
  let token: string;
  beforeAll(async () => {
    house = await openHouse({ engine });
    operations = operationsOf(house);
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    await makeExamples(house);
    token = await giveToken(house, API_SCOPES);
  });

  test('every example of the document is true', async () => {
    for (const one of operations) {
      await makeExamples(house);
      const { status, body } = await callApi(house, one, one.example, token);
      expect(status, `${one.id}: ${JSON.stringify(body)}`).toBe(one.status ?? (one.result ? 200 : 204));
      if (!one.result) continue;
      expect((one.result as z.ZodType).safeParse(body).error, one.id).toBeUndefined();
      expect((one.result as z.ZodType).safeParse(one.example.result).error, one.id).toBeUndefined();
      expect(shapeOf(body), one.id).toEqual(shapeOf(one.example.result));
    }
  });

  test('R71: without a token, with a person’s cookie, and without the scope, every operation is refused', async () => {
    const admin = await addProtectedPerson(house, { email: `boss${engine}@example.org` });
    const session = admin.browser.cookies.get('session');
    for (const one of operations) {
      const others = API_SCOPES.filter((scope) => scope !== one.scope);
      const less = await giveToken(house, others as ApiScope[]);
      const none = await callApi(house, one, one.example, null);
      expect(none.status, one.id).toBe(401);
      expect(none.headers['www-authenticate']).toBe('Bearer realm="Countersign"');
      expect(none.headers['content-type']).toContain('application/problem+json');
      expect((await callApi(house, one, one.example, session ?? '')).status, one.id).toBe(401);
      expect((await callApi(house, one, one.example, null, { cookie: `session=${session}` })).status).toBe(
        401,
      );
      const lacking = await callApi(house, one, one.example, less);
      expect(lacking.status, one.id).toBe(403);
      expect(lacking.headers['www-authenticate']).toContain(`insufficient_scope`);
    }
  });

  test('R71: a field that nobody asked for is refused with its place, and changes nothing', async () => {
    for (const one of operations.filter(({ body }) => body)) {
      const example = { ...one.example, body: { ...(one.example.body as object), twoFactorEnabled: true } };
      const { status, body } = await callApi(house, one, example, token);
      expect(status, one.id).toBe(400);
      expect(body, one.id).toMatchObject({ code: 'malformed_request', errors: [{ at: 'body' }] });
    }
  });

  test('A63: no program makes an administrator, or lays hands on one; ending their sessions only protects', async () => {
    const { db } = house.app.database;
    await db.updateTable('account').set({ roles: 'admin' }).where('id', '=', EXAMPLE.account).execute();
    const run = async (id: string, body?: unknown) => {
      const one = operations.find((other) => other.id === id) as Operation;
      return callApi(house, one, { ...one.example, ...(body === undefined ? {} : { body }) }, token);
    };
    const deeds = ['changeAccount', 'resetTwoFactor', 'resetPassword', 'unlockAccount', 'removeFactor'];
    for (const id of [...deeds, 'deleteAccount', 'restoreAccount']) {
      const { status, body } = await run(id);
      expect([id, status, body]).toMatchObject([id, 403, { code: 'administrator_protected' }]);
    }
    expect((await run('changeAccount', { role: 'admin' })).status).toBe(400);
    const made = { email: 'mallory@example.org', name: 'Mallory', role: 'admin' };
    expect((await run('inviteAccount', made)).status).toBe(400);
    expect((await run('endSessions')).status).toBe(204);
    const row = await db
      .selectFrom('account')
      .selectAll()
      .where('id', '=', EXAMPLE.account)
      .executeTakeFirst();
    expect(row).toMatchObject({ roles: 'admin', suspended_at: null, two_factor_at: expect.any(Number) });
  });

  test('A12: other bodies are 415 and 400, an unknown address 404, another method 405, all as problems', async () => {
    const send = (method: 'GET' | 'POST' | 'PUT', path: string, payload = '', type = 'application/json') =>
      house.app.server.inject({
        method,
        url: `/api/v1${path}`,
        headers: { authorization: `Bearer ${token}`, ...(payload ? { 'content-type': type } : {}) },
        payload,
      });
    const answers = [
      await send('POST', '/groups', 'name=Staff', 'application/x-www-form-urlencoded'),
      await send('POST', '/groups', '{"name":'),
      await send('POST', '/groups', '[]'),
      await send('GET', '/nothing'),
      await send('PUT', '/groups', '{}'),
      await send('GET', `/groups/${EXAMPLE.account}/members`),
      await send('GET', '/accounts?cursor=%00'),
      await send('GET', '/accounts?limit=100000'),
      await send('GET', '/accounts?role=admin'),
      await send('GET', '/accounts?email=%00'),
      await send('GET', '/audit-events?subject=%00'),
      await send('GET', `/audit-events?cursor=${Buffer.from('9'.repeat(22)).toString('base64url')}`),
      await send('POST', '/clients', '{"name":"Wiki","description":"a\\u0000","redirect_uris":[]}'),
      await send('GET', '/store/apps/a%00'),
      await send('GET', '/store/apps/%ff'),
      await send('GET', '/accounts/'),
      await send('GET', `/accounts/${'a'.repeat(65)}`),
      await send('GET', '/accounts/a.b/sessions?limit=0'),
      await send('POST', '/accounts/..%2fx/unlock'),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([
      415, 400, 400, 404, 405, 404, 400, 400, 400, 400, 400, 400, 400, 404, 400, 404, 404, 404, 404,
    ]);
    for (const answer of answers)
      expect(answer.headers['content-type']).toContain('application/problem+json');
    // No program is told to send a form where only JSON is taken.
    expect(answers[0]?.json().title).toBe('This address doesn’t take a body of this kind (Content-Type).');
  });

  test('R83: what is no UTF-8 is no JSON: 400, and nothing is kept of it', async () => {
    const send = (payload: Buffer) =>
      house.app.server.inject({
        method: 'POST',
        url: '/api/v1/groups',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        payload,
      });
    expect((await send(Buffer.from('{"name":"Caf\xe9"}', 'latin1'))).statusCode).toBe(400);
    // Half of a sign, in ASCII: it could be kept as another one only.
    const { person } = await addProtectedPerson(house, { email: `half${engine}@example.org` });
    const one = operations.find(({ id }) => id === 'resetTwoFactor') as Operation;
    const reset = (body: string) =>
      callApi(house, one, { params: { account_id: person.id } }, token, {}, body);
    const refused = await reset(String.raw`{"reason":"Lost the phone \ud83d"}`);
    expect(refused).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
    expect((await reset(String.raw`{"reason":"Lost the phone \ud83d\ude00"}`)).status).toBe(204);
    expect((await send(Buffer.from('{"name":"Café"}'))).json().name).toBe('Café');
  });

  test('RFC 9110: what was made is named by Location, and stands there', async () => {
    const made = operations.filter(({ makes }) => makes);
    expect(made.map(({ id }) => id).sort()).toEqual([
      'createApp',
      'createGroup',
      'createStoreApp',
      'inviteAccount',
      'uploadBuild',
    ]);
    for (const one of made) {
      await makeExamples(house);
      const { headers } = await callApi(house, one, one.example, token);
      const url = String(headers['location']);
      expect(url, one.id).toMatch(/^\/api\/v1\/[\w/-]+$/);
      const there = await house.app.server.inject({ url, headers: { authorization: `Bearer ${token}` } });
      // A group has no address of its own for reading: its people have.
      expect(there.statusCode, one.id).toBe(one.id === 'createGroup' ? 405 : 200);
    }
  });

  test('R22: the only method of somebody is not removed, and the answer says why', async () => {
    const { id: account_id } = (await addProtectedPerson(house, { email: `only${engine}@example.org` }))
      .person;
    const call = (name: string, params: Record<string, string>) =>
      callApi(house, operations.find(({ id }) => id === name) as Operation, { params }, token);
    const [factor] = ((await call('listFactors', { account_id })).body as { data: { id: string }[] }).data;
    const { status, body } = await call('removeFactor', { account_id, factor_id: factor?.id ?? '' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'only_factor', title: expect.stringContaining('Reset') });
    expect(((await call('listFactors', { account_id })).body as { data: unknown[] }).data).toHaveLength(1);
  });

  test('after "This wasn\'t me" no program takes a method from that person either', async () => {
    const { id: account_id } = (await addProtectedPerson(house, { email: `rest${engine}@example.org` }))
      .person;
    const { db } = house.app.database;
    const factors = await db.selectFrom('factor').select('id').where('account_id', '=', account_id).execute();
    const until = house.clock.now() + HOUR;
    await db.updateTable('account').set({ frozen_until_at: until }).where('id', '=', account_id).execute();
    for (const [name, order] of [
      ['removeFactor', { params: { account_id, factor_id: factors[0]?.id ?? '' } }],
      ['resetTwoFactor', { params: { account_id }, body: { reason: 'She called.' } }],
    ] as const) {
      const called = operations.find(({ id }) => id === name) as Operation;
      const { status, body } = await callApi(house, called, order, token);
      expect([name, status, body]).toEqual([name, 409, expect.objectContaining({ code: 'changes_frozen' })]);
    }
  });

  test('A12: no body, an empty one, null and __proto__ are no object with nothing in it: 400, and nothing is decided', async () => {
    const sent: (string | undefined)[] = [undefined, '', ' ', 'null', '[]', '0', '{"__proto__":{"x":1}}'];
    const rules = () => house.app.database.db.selectFrom('two_factor_rule').selectAll().execute();
    const before = await rules();
    for (const one of operations.filter(({ body, upload }) => body && !upload)) {
      for (const payload of sent) {
        const { status, body } = await callApi(house, one, one.example, token, {}, payload);
        expect([one.id, payload, status], JSON.stringify(body)).toEqual([one.id, payload, 400]);
      }
    }
    expect(await rules()).toEqual(before);
  });

  test('R71: an operation that takes no body refuses one with fields, and takes none and an empty object', async () => {
    for (const one of operations.filter(({ method, body }) => method !== 'GET' && !body)) {
      for (const payload of ['{"role":"admin"}', '[]', 'null', '[1]']) {
        const { status } = await callApi(house, one, one.example, token, {}, payload);
        expect([one.id, payload, status]).toEqual([one.id, payload, 400]);
      }
      for (const payload of ['', '{}']) {
        await makeExamples(house);
        const { status } = await callApi(house, one, one.example, token, {}, payload);
        expect([one.id, payload, status]).toEqual([one.id, payload, one.status ?? (one.result ? 200 : 204)]);
      }
    }
  });

  test('R71: a field of another kind of app is refused with its place, and makes and changes nothing', async () => {
    const run = async (id: string, body?: unknown) => {
      const one = operations.find((other) => other.id === id) as Operation;
      return callApi(house, one, { ...one.example, ...(body === undefined ? {} : { body }) }, token);
    };
    const apps = async () => ((await run('listApps')).body as { data: unknown[] }).data;
    const before = await apps();
    const callback = ['https://x.example.org/callback'];
    const host = { kind: 'forward-auth', name: 'X', origin: 'https://x.example.org' };
    for (const [at, body] of [
      ['origin', { name: 'X', redirect_uris: callback, origin: 'https://x.example.org' }],
      ['scopes', { name: 'X', redirect_uris: callback, scopes: ['store:write'] }],
      ['redirect_uris', { ...host, redirect_uris: callback }],
      ['public', { ...host, public: true }],
    ] as const) {
      expect(await run('createApp', body), at).toMatchObject({
        status: 400,
        body: { code: 'malformed_request', errors: [{ at: `body.${at}` }] },
      });
    }
    expect((await run('changeApp', { scopes: ['store:write'] })).status).toBe(400);
    expect(await apps()).toEqual(before);
    // What is answered can be sent back: what holds nothing says nothing.
    expect((await run('changeApp', { origin: null, scopes: [], acr: 'mfa' })).status).toBe(200);
  });

  test('what a refusal may be stands in the document: a group that alone may enter an app stays', async () => {
    const run = async (id: string, body?: unknown) => {
      const one = operations.find((other) => other.id === id) as Operation;
      return callApi(house, one, { ...one.example, ...(body === undefined ? {} : { body }) }, token);
    };
    expect((await run('changeApp', { group_ids: [EXAMPLE.group] })).status).toBe(200);
    expect(await run('removeGroup')).toMatchObject({ status: 409, body: { code: 'group_guards_app' } });
    const removeGroup = operations.find(({ id }) => id === 'removeGroup');
    expect(removeGroup?.refusals).toContain('group_guards_app');
  });

  test('pages go on where the last one ended, to the end', async () => {
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { limit: '1', ...(cursor ? { cursor } : {}) };
      const one = operations.find(({ id }) => id === 'listAccounts') as Operation;
      const { body } = await callApi(house, one, { query }, token);
      const page = body as { data: { email: string }[]; next_cursor: string | null };
      names.push(...page.data.map(({ email }) => email));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(names.length).toBeGreaterThan(1);
    expect(names).toEqual([...new Set(names)].sort());
  });

  test('a list whose page may be shorter than asked for, and not the last, says so in the document', async () => {
    const document = (await house.app.server.inject({ url: '/api/v1/openapi.json' })).json();
    for (const path of [
      '/groups/{group_id}/members',
      '/two-factor-rules/{whom}/without-factor',
      '/audit-events',
    ])
      expect(document.paths[path].get.description, path).toMatch(/short, .* as long as .*`next_cursor`/);
  });

  test('R85: the document is public, is OpenAPI 3.1, and names every operation', async () => {
    const answer = await house.app.server.inject({ url: '/api/v1/openapi.json' });
    const document = answer.json();
    expect(document.openapi).toBe('3.1.0');
    expect(await new Validator().validate(document)).toEqual({ valid: true });
    const ids = Object.values(document.paths as Record<string, Record<string, { operationId: string }>>)
      .flatMap((methods) => Object.values(methods))
      .map(({ operationId }) => operationId);
    expect(ids.sort()).toEqual(operations.map(({ id }) => id).sort());
    const references = [...answer.body.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    for (const name of references) expect(document.components.schemas).toHaveProperty(name as string);
  });
});

/** The names of what is there, without the values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (value === null || typeof value !== 'object') return '';
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name === 'detail' ? '' : shapeOf(inner)]),
  );
}
