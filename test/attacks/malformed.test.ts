import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { sql } from 'kysely';
import { describe, expect, inject, test } from 'vitest';
import { DatabaseAway } from '../../src/database/database-away.ts';
import { program } from '../kit/api-kit.ts';
import { factorIdOf, halfSignedIn, seesAccount, somebodyProtected, someEmail } from '../kit/attack-kit.ts';
import { sendMutated } from '../kit/attack-requests.ts';
import { ENGINES, openHouse } from '../kit/house.ts';
import { appCode, enterPassword } from '../kit/people.ts';
import { createDatabase } from '../kit/postgres.ts';
import { registerApp } from '../kit/relying-party.ts';
import { sharedHouse } from '../kit/shared-house.ts';

describe.each(ENGINES)('R83: malformed requests, on %s', (engine) => {
  const house = sharedHouse({ engine });

  test('R83: a thousand mutated requests: no fault, no session, nothing changed', () =>
    sendMutated(house, engine === 'sqlite' ? 1_000 : 250));

  test('R83: a zero byte in what is said of an app is refused in the Dashboard and by the management API', async () => {
    const { browser } = await somebodyProtected(house, { roles: 'admin' });
    const { clientId } = await registerApp(house);
    const redirect = 'https://app.example.org/callback';
    const typed = { name: 'App', description: 'a\0b', redirect_uris: redirect };
    expect((await browser.post('/admin/apps/new/oidc', typed)).status).toBe(400);
    expect((await browser.post(`/admin/apps/${clientId}/edit`, typed)).status).toBe(400);
    const { call } = await program(house, ['policy:write']);
    const body = { kind: 'oidc', ...typed, redirect_uris: [redirect] };
    expect((await call('createApp', { body })).status).toBe(400);
  });

  test('R75: a name or label of markup is shown as text, on pages and in mails', async () => {
    const { person, browser } = await somebodyProtected(house);
    const markup = '"><script>alert(1)</script>';
    expect((await browser.post('/account', { name: markup })).status).toBe(303);
    const id = await factorIdOf(house, person);
    expect((await browser.post(`/account/security/factors/${id}`, { label: markup })).status).toBe(303);
    for (const path of [
      '/',
      '/account',
      '/account/security',
      `/account/security/factors/${id}`,
      '/account/activity',
      '/account/sessions',
    ]) {
      expect((await browser.get(path)).body, path).not.toContain('<script>alert');
    }
    browser.userAgent = 'Mozilla/5.0 <script>alert(2)</script>';
    await browser.post('/account/security/disable', { password: person.password });
    const [mail] = await house.mails(person.email);
    expect(mail?.html).not.toContain('<script>alert');
    for (const name of ['a\r\nBcc: x@evil.example', 'a\u202eb', 'x\u0000y', 'line\u2028line']) {
      expect((await browser.post('/account', { name })).status, JSON.stringify(name)).toBe(422);
    }
  });

  test('R75: a name or label that turns the direction of text is refused beside its field', async () => {
    const { person, browser } = await somebodyProtected(house);
    const id = await factorIdOf(house, person);
    for (const text of ['\u202e123', 'a\u2066b', 'a\0b']) {
      const name = await browser.post('/account', { name: text });
      const label = await browser.post(`/account/security/factors/${id}`, { label: text });
      expect([name.status, label.status, text]).toEqual([422, 422, text]);
    }
  });

  test('R83: what is not UTF-8 is refused: no name is garbled, no two passwords become one', async () => {
    const { person, browser } = await somebodyProtected(house);
    const id = await factorIdOf(house, person);
    for (const bytes of ['%ff%fe', 'a%c3', '%ed%a0%80', 'a%c0%afb', 'caf%e9']) {
      for (const [path, body] of [
        ['/account', `name=${bytes}`],
        [`/account/security/factors/${id}`, `label=${bytes}`],
        ['/sign-up', `name=${bytes}&email=${someEmail('bytes')}`],
        ['/forgot-password', `email=${bytes}%40example.org`],
        [
          '/account/password',
          `current_password=${encodeURIComponent(person.password)}&new_password=umbrella+glacier+tofu${bytes}`,
        ],
      ] as const) {
        const page = await browser.post(path, body);
        expect([400, 422], `${path} ${bytes} ${page.status}`).toContain(page.status);
        expect(page.body).not.toContain('\ufffd');
      }
    }
    expect((await browser.post('/account', 'name=100%+Ren%c3%a9e')).status).toBe(303);
    expect((await browser.get('/account')).body).toContain('100% Renée');
  });
});

describe('R84: the database goes away', () => {
  test('R84/R83: 503 with Retry-After, nobody is signed in, nothing is told; it comes back and all is well', async () => {
    const server = new URL(inject('postgresUrl'));
    const sockets = new Set<Socket>();
    let open = true;
    const proxy = createServer((client) => {
      if (!open) return client.destroy();
      const upstream = connect(Number(server.port || 5432), server.hostname);
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          client.destroy();
          upstream.destroy();
        });
      }
      client.pipe(upstream).pipe(client);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const database = await createDatabase(server.href);
    const through = new URL(database.url);
    through.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const house = await openHouse({ env: { DATABASE_URL: through.href } });
    try {
      const { person, browser, secret } = await somebodyProtected(house);
      const half = await halfSignedIn(house, person);
      open = false;
      for (const socket of sockets) socket.destroy();
      const answers = [
        await half.post('/sign-in/factor/totp', { code: appCode(house, secret) }),
        await enterPassword(house.browser(), person),
        await browser.get('/account'),
        await browser.post('/account/security/disable', { password: person.password }),
        await house.browser().get('/readyz'),
        await house.browser().post('/forgot-password', { email: person.email }),
      ];
      for (const { status, body, headers } of answers) {
        expect(status).toBe(503);
        expect(Number(headers['retry-after'])).toBeGreaterThan(0);
        expect(headers['set-cookie']).toBeUndefined();
        expect(body).not.toMatch(/ECONN|terminated|postgres|sql/i);
      }
      expect((await house.browser().get('/healthz')).status).toBe(200);
      open = true;
      expect((await house.browser().get('/readyz')).status).toBe(200);
      expect(await seesAccount(browser)).toBe(true);
      expect((await half.post('/sign-in/factor/totp', { code: appCode(house, secret) })).location).toBe('/');
    } finally {
      await house.close();
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await database.drop();
    }
  });

  test('R84: a connection that ends in the middle of a transaction is a 503, and no end of the process', async () => {
    const house = await openHouse({ engine: 'postgres' });
    try {
      const { database } = house.app;
      const outcome = database.transaction(async (tx) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
        await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(database.db);
        await new Promise((resolve) => setTimeout(resolve, 50));
        await sql`select 1`.execute(tx);
      });
      // An error event without a listener would fail the whole run as "Unhandled".
      await expect(outcome).rejects.toBeInstanceOf(DatabaseAway);
      expect((await house.browser().get('/readyz')).status).toBe(200);
    } finally {
      await house.close();
    }
  });
});
