import { beforeAll, describe, expect, test } from 'vitest';
import { changeClient } from '../../src/clients/change-clients.ts';
import { NO_SETTINGS } from '../../src/clients/client.ts';
import { halfSignedIn, SECOND, somebody, somebodyProtected } from '../kit/attack-kit.ts';
import type { Browser } from '../kit/browser.ts';
import { ENGINES, openHouse } from '../kit/house.ts';
import { enterPassword, type Person } from '../kit/people.ts';
import { callbackOf, type ProtectedHost, protectHost } from '../kit/protected-host.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';
import { OPERATOR } from '../kit/store-people.ts';

const COOKIE = '__Host-countersign-app';

describe.each(ENGINES)('attacks on forward-auth, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);
  let wiki: ProtectedHost;
  let board: ProtectedHost;
  beforeAll(async () => {
    wiki = await protectHost(house);
    board = await protectHost(house, { name: 'Board', origin: 'https://board.example.org' });
  });

  async function signedIn(): Promise<{ person: Person; browser: Browser }> {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    return { person, browser };
  }

  /** A browser with the cookie of one host. */
  async function inside(host: ProtectedHost): Promise<ProtectedHost & { browser: Browser }> {
    const { browser } = await signedIn();
    const own = host.elsewhere();
    await own.enter(browser);
    expect(await own.isOpen()).toBe(true);
    return Object.assign(own, { browser });
  }

  test('R71: a cookie of one host opens no other, whatever headers come with it', async () => {
    const own = await inside(wiki);
    const names = { wiki: wiki.elsewhere('nginx'), board: board.elsewhere('nginx') };
    const caddy = { wiki: wiki.elsewhere('caddy'), board: board.elsewhere('caddy') };
    // Caddy and Traefik set three headers, nginx one: what a client adds must not win against them.
    const attempts: Record<string, string>[] = [
      board.headers('/'),
      names.board.headers('/'),
      { ...caddy.wiki.headers('/'), ...names.board.headers('/') },
      { ...caddy.board.headers('/'), ...names.wiki.headers('/') },
      { ...names.board.headers('/'), 'x-forwarded-host': 'wiki.example.org' },
      { ...caddy.board.headers('/'), 'x-forwarded-host': 'board.example.org, wiki.example.org' },
      { ...caddy.board.headers('/'), 'x-forwarded-host': 'wiki.example.org, board.example.org' },
      { 'x-original-url': 'https://board.example.org/, https://wiki.example.org/' },
      { 'x-original-url': 'https://wiki.example.org, https://board.example.org/' },
      { 'x-original-url': 'https://wiki.example.org@board.example.org/' },
      { 'x-original-url': 'https://wiki.example.org\\@board.example.org/' },
      { 'x-original-url': 'https://wiki.example.org.board.example.org/' },
      { 'x-original-url': 'https://wiki.example.org:8443/' },
      { 'x-original-url': 'http://wiki.example.org/' },
      { 'x-forwarded-host': 'wiki.example.org' },
      { ...caddy.wiki.headers('/'), 'x-forwarded-proto': 'http' },
      { host: 'wiki.example.org' },
      { forwarded: 'host=wiki.example.org;proto=https' },
    ];
    for (const headers of attempts) {
      const answer = await own.jar.get('/forward-auth', { accept: 'text/html', ...headers });
      expect([401, 403, 303], JSON.stringify(headers)).toContain(answer.status);
      expect(answer.headers['remote-user'], JSON.stringify(headers)).toBeUndefined();
    }
    expect(await own.isOpen()).toBe(true);
  });

  test('R71: nor does it where the app has moved to, since whoever has the old host now still gets it', async () => {
    const tickets = await protectHost(house, { name: 'Tickets', origin: 'https://old.example.net' });
    const own = await inside(tickets);
    const { deps } = house.app;
    const moved = { ...NO_SETTINGS, name: 'Tickets', origin: 'https://tickets.example.org' };
    await changeClient(deps, OPERATOR(house), tickets.clientId, {
      ...moved,
      description: 'Moves soon.',
      origin: 'https://old.example.net',
    });
    expect(await own.isOpen()).toBe(true);
    await changeClient(deps, OPERATOR(house), tickets.clientId, moved);
    for (const headers of [
      { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'tickets.example.org', 'x-forwarded-uri': '/' },
      { 'x-original-url': 'https://tickets.example.org/' },
    ])
      expect((await own.jar.get('/forward-auth', headers)).status).not.toBe(200);
    // Back again, it opens nothing either.
    await changeClient(deps, OPERATOR(house), tickets.clientId, { origin: 'https://old.example.net' });
    expect(await own.isOpen()).toBe(false);
    expect(await own.enter(own.browser)).toBe('https://old.example.net/');
  });

  test('R58: only a trusted proxy says which host is asked for', async () => {
    const own = await inside(wiki);
    own.jar.network = '203.0.113.9';
    expect((await own.check()).status).toBe(403);
    expect((await own.own('/.countersign/begin?rd=/')).status).toBe(404);
    expect((await own.own('/.countersign/callback?ticket=x')).status).toBe(404);
    own.jar.network = '127.0.0.1';
    expect(await own.isOpen()).toBe(true);
  });

  test('R30, R32: nothing but the cookie of this host is one', async () => {
    const { person, browser } = await somebodyProtected(house);
    const host = wiki.elsewhere();
    await host.enter(browser);
    const token = host.jar.cookies.get(COOKIE) as string;
    const half = await halfSignedIn(house, person);
    const values = [
      browser.cookies.get('session') as string,
      half.cookies.get('pending') as string,
      browser.cookies.get('browser') as string,
      'A'.repeat(43),
      '',
    ];
    for (const value of values) {
      host.jar.cookies.set(COOKIE, value);
      expect((await host.check()).status).toBe(303);
    }
    // Two of one name are ambiguous; the plain name is another host's affair.
    host.jar.cookies.delete(COOKIE);
    for (const cookie of [
      `${COOKIE}=${token}; ${COOKIE}=${token}`,
      `countersign-app=${token}`,
      `session=${token}`,
      `__Host-session=${token}`,
    ])
      expect((await host.check('/', { cookie })).status).toBe(303);
    for (const carrier of [
      { authorization: `Bearer ${token}` },
      { authorization: `Basic ${Buffer.from(`${person.email}:${token}`).toString('base64')}` },
    ] as Record<string, string>[])
      expect((await host.check('/', carrier)).status).toBe(303);
    // And the other way round: it opens nothing of ours.
    for (const name of ['session', 'pending', 'enrolment', 'countersign-app']) {
      const stranger = house.browser();
      stranger.cookies.set(name, token);
      expect((await stranger.get('/account', { accept: 'application/json' })).status).toBe(401);
    }
  });

  test('A10: a half-signed-in browser gets no ticket', async () => {
    const { person } = await somebodyProtected(house);
    const half = await halfSignedIn(house, person);
    const host = wiki.elsewhere();
    const start = await host.begin();
    const answer = await half.get(start);
    expect(answer.status).toBe(303);
    expect(answer.location).toMatch(/^\/sign-in\?/);
    const { db } = house.app.database;
    expect(await db.selectFrom('forward_auth_ticket').selectAll().execute()).toEqual([]);
  });

  test('R63: of twenty who bring one ticket, on two instances, one gets in', async () => {
    const { browser } = await signedIn();
    const host = wiki.elsewhere();
    const callback = (await callbackOf(browser, await host.begin())) as string;
    const path = host.ownPath(callback);
    const cookie = [...host.jar.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? house : twin).browser().get(path, { ...host.headers(callback), cookie }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(19).fill(422)]);
    expect((await host.own(callback)).status).toBe(422);
  });

  test('a ticket is of one host, of one browser, of one minute and of a living session', async () => {
    const { browser } = await signedIn();
    async function ticketFor(host: ProtectedHost): Promise<string> {
      return host.ownPath((await callbackOf(browser, await host.begin())) as string);
    }
    const refused = async (host: ProtectedHost, path: string) => {
      const answer = await host.jar.get(path, host.headers('/.countersign/callback'));
      expect(answer.status).toBe(422);
      expect(host.jar.cookies.has(COOKIE)).toBe(false);
    };

    const victim = wiki.elsewhere();
    const misled = board.elsewhere();
    for (const [name, value] of victim.jar.cookies) misled.jar.cookies.set(name, value);
    const forWiki = await ticketFor(victim);
    await refused(misled, forWiki);
    // Tried once in the wrong place, it is spent.
    await refused(victim, forWiki);

    // The attacker's own ticket, sent to somebody as a link: their browser is not signed in as the attacker.
    const attacker = wiki.elsewhere();
    const link = await ticketFor(attacker);
    const other = wiki.elsewhere();
    await other.begin();
    await refused(other, link);
    await refused(wiki.elsewhere(), await ticketFor(wiki.elsewhere()));

    const late = wiki.elsewhere();
    const old = await ticketFor(late);
    house.clock.advance(61 * SECOND);
    await refused(late, old);

    const ended = wiki.elsewhere();
    const orphan = await ticketFor(ended);
    await browser.post('/sign-out');
    await refused(ended, orphan);
  });

  test('R63: whoever only looks ahead (HEAD) gets no ticket, and uses none up', async () => {
    const { browser } = await signedIn();
    const host = wiki.elsewhere();
    const start = await host.begin();
    expect(await browser.send('HEAD', start, undefined, {})).toMatchObject({ status: 405, location: '' });
    const callback = host.ownPath((await callbackOf(browser, start)) as string);
    const proxied = host.headers('/.countersign/callback');
    expect((await host.jar.send('HEAD', callback, undefined, proxied)).status).toBe(405);
    expect((await host.jar.get(callback, proxied)).status).toBe(303);
  });

  test('R61: no address leads anywhere but to a registered host', async () => {
    const { browser } = await signedIn();
    const state = 'A'.repeat(43);
    for (const rd of [
      'https://evil.example/',
      'https://wiki.example.org.evil.example/',
      'https://wiki.example.org@evil.example/',
      'https://evil.example\\@wiki.example.org/',
      'https:/\\evil.example/',
      '//wiki.example.org/',
      '/\\evil.example',
      'http://wiki.example.org/',
      'https://wiki.example.org:8443/',
      'https://wikixexample.org/',
      'https://sub.wiki.example.org/',
      'javascript:alert(1)',
      'data:text/html,x',
      'https://wiki.example.org%2f@evil.example/',
      'https://wiki.example.org%00.evil.example/',
      'wiki.example.org',
      '',
    ]) {
      for (const query of [new URLSearchParams({ rd, state }), new URLSearchParams({ rd })]) {
        const answer = await browser.get(`/forward-auth/start?${query}`);
        expect(answer.status, rd).toBe(404);
        expect(answer.location, rd).toBe('');
        expect(answer.headers['refresh'], rd).toBeUndefined();
      }
    }
    expect((await browser.get('/forward-auth/start?rd=a&rd=b')).status).toBe(404);
  });

  test('R61: what follows the host stays behind it', async () => {
    const { browser } = await signedIn();
    for (const path of [
      '//evil.example/',
      '/\\evil.example/',
      '/@evil.example',
      '/.evil.example',
      'https://evil.example/',
      '.evil.example/',
      '@evil.example/',
      ':8443/',
      '/a\r\nLocation: https://evil.example/',
    ]) {
      const host = wiki.elsewhere();
      const { location } = await host.own(`/.countersign/begin?rd=${encodeURIComponent(path)}`);
      const start = location.slice(house.app.deps.config.baseUrl.length);
      const callback = (await callbackOf(browser, start)) as string;
      expect(new URL(callback).origin, path).toBe('https://wiki.example.org');
      const end = (await host.own(callback)).location;
      expect(new URL(end).origin, path).toBe('https://wiki.example.org');
      expect(end, path).toMatch(/^https:\/\/wiki\.example\.org\/[\x21-\x7e]*$/);
    }
    const long = await wiki.elsewhere().check(`/${'x'.repeat(3_000)}?y=1`);
    expect(long.location).toBe('https://wiki.example.org/.countersign/begin?rd=%2F');
  });

  test('who it is comes from us and from nobody else', async () => {
    const own = await inside(wiki);
    const forged = {
      'remote-user': 'root@example.org',
      'remote-groups': 'admins',
      'remote-email': 'root@example.org',
      'remote-name': 'root',
      'remote-id': 'root',
    };
    const { headers } = await own.check('/', forged);
    // Empty, and there: a proxy that copies only what it is given would pass the client's own on.
    expect(headers['remote-groups']).toBe('');
    for (const name of Object.keys(forged)) expect(headers[name]).not.toMatch(/root|admins/);
    const refused = await wiki.elsewhere().check('/', forged);
    for (const name of Object.keys(forged)) expect(refused.headers[name]).toBeUndefined();
  });

  test('R75: a name cannot add a header', async () => {
    const { person, browser } = await signedIn();
    const { db } = house.app.database;
    const name = 'Eve\r\nRemote-Groups: admins\u0085x';
    await db.updateTable('account').set({ name }).where('id', '=', person.id).execute();
    const host = wiki.elsewhere();
    await host.enter(browser);
    const { status, headers } = await host.check();
    expect(status).toBe(200);
    expect(headers['remote-name']).toBe('Eve  Remote-Groups: admins x');
    expect(headers['remote-groups']).toBe('');
  });

  test('R54: nobody is signed out from another site, or by looking', async () => {
    const own = await inside(wiki);
    await own.own('/.countersign/sign-out');
    for (const headers of [
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'https://board.example.org', 'sec-fetch-site': 'same-site' },
      { origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
    ])
      expect((await own.postOwn('/.countersign/sign-out', headers)).status).toBe(403);
    expect(await own.isOpen()).toBe(true);
  });
});

test('R58: the proxies of TRUSTED_PROXIES are believed, and their neighbours are not', async () => {
  const house = await openHouse({ env: { TRUSTED_PROXIES: '10.1.0.0/16,fd00::/8' } });
  const host = await protectHost(house);
  for (const [network, status] of [
    ['10.1.2.3', 303],
    ['::ffff:10.1.2.3', 303],
    ['fd00::7', 303],
    ['10.2.0.1', 403],
    ['2001:db8::1', 403],
  ] as const) {
    host.jar.network = network;
    expect((await host.check()).status, network).toBe(status);
  }
  await house.close();
});
