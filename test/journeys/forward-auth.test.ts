import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { operatorsPlace } from '../../src/cli/find-account.ts';
import { changeClient } from '../../src/clients/change-clients.ts';
import { type ClientSettings, NO_SETTINGS } from '../../src/clients/client.ts';
import { addMember, createGroup, removeMember } from '../../src/groups/change-groups.ts';
import type { Group } from '../../src/groups/store.ts';
import { putTwoFactorRule } from '../../src/policy/two-factor-rules.ts';
import {
  MINUTE,
  planted,
  pseudonymOf,
  recordsOf,
  SECOND,
  somebody,
  somebodyProtected,
} from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addKey } from '../kit/keys.ts';
import { appCode, enableApp, enterPassword, type Person, stepUp } from '../kit/people.ts';
import { callbackOf, type ProtectedHost, type ProxyKind, protectHost } from '../kit/protected-host.ts';
import { setValue } from '../kit/rules-kit.ts';

describe.each(ENGINES)('an app without a sign-in of its own, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  const by = () => ({ place: operatorsPlace(house.app.deps), actor: 'operator' });

  async function signedIn(
    values: Parameters<typeof somebody>[1] = {},
  ): Promise<{ person: Person; browser: Browser }> {
    const person = await somebody(house, values);
    const browser = house.browser();
    await enterPassword(browser, person);
    return { person, browser };
  }

  async function change(host: ProtectedHost, settings: Partial<ClientSettings>): Promise<void> {
    const full = { ...NO_SETTINGS, name: 'Wiki', origin: host.origin, ...settings };
    await changeClient(house.app.deps, by(), host.clientId, full);
  }

  async function join(group: Group, person: Person): Promise<void> {
    const account = { id: person.id, pseudonym: await pseudonymOf(house, person) };
    await house.app.database.transaction((tx) => addMember(tx, by(), group, account));
  }

  async function leave(group: Group, person: Person): Promise<void> {
    const account = { id: person.id, pseudonym: await pseudonymOf(house, person) };
    await house.app.database.transaction((tx) => removeMember(tx, by(), group, account));
  }

  test.each<ProxyKind>(['nginx', 'caddy'])(
    'behind %s: a person is led to sign in, comes back to the page that they wanted, and the app hears who it is',
    async (proxy) => {
      const host = await protectHost(house, {}, proxy);
      const { person, secret } = await planted(house, { name: 'Ann Example' });
      const asked = await host.check('/page?id=7&x=a%20b');
      expect(asked.status).toBe(proxy === 'nginx' ? 401 : 303);
      expect(asked.location).toBe(
        'https://wiki.example.org/.countersign/begin?rd=%2Fpage%3Fid%3D7%26x%3Da%2520b',
      );

      const begun = await host.own(asked.location);
      expect(begun.headers['set-cookie']).toEqual([
        expect.stringMatching(
          /^__Host-countersign-begin=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=3600$/,
        ),
      ]);
      const start = begun.location.slice(house.app.deps.config.baseUrl.length);
      const browser = house.browser();
      const toSignIn = await browser.get(start);
      expect(toSignIn.status).toBe(303);
      expect(toSignIn.location).toMatch(/^\/sign-in\?return_to=/);
      const half = await browser.post(toSignIn.location, { email: person.email, password: person.password });
      expect(half.location).toBe('/sign-in/factor');
      expect(await callbackOf(browser, start)).toBe(null);
      const done = await browser.post('/sign-in/factor/totp', { code: appCode(house, secret) });
      expect(done.location).toBe(start);

      const callback = (await callbackOf(browser, start)) as string;
      expect(callback).toMatch(/^https:\/\/wiki\.example\.org\/\.countersign\/callback\?ticket=[\w-]{43}$/);
      const back = await host.own(callback);
      expect(back.location).toBe('https://wiki.example.org/page?id=7&x=a%20b');
      expect(back.headers['set-cookie']).toEqual([
        expect.stringMatching(/^__Host-countersign-app=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/),
      ]);

      const passed = await host.check('/page');
      expect(passed.status).toBe(200);
      expect(passed.body).toBe('');
      expect(passed.headers).toMatchObject({
        'remote-user': person.email,
        'remote-name': 'Ann Example',
        'remote-email': person.email,
        'remote-groups': '',
        'remote-id': person.id,
        'cache-control': 'no-store',
      });
      expect(await recordsOf(house, person, 'app.signed_in')).toMatchObject([
        { outcome: 'success', detail: JSON.stringify({ client: host.clientId }) },
      ]);
    },
  );

  test('names and groups reach the app as UTF-8', async () => {
    const host = await protectHost(house);
    const { person, browser } = await signedIn({ name: 'Zoë 王' });
    for (const name of ['Wíki', 'Admins']) await join(await createGroup(house.app.deps, by(), name), person);
    await host.enter(browser);
    const { headers } = await host.check();
    const read = (name: string) => Buffer.from(String(headers[name]), 'latin1').toString('utf8');
    expect(read('remote-name')).toBe('Zoë 王');
    expect(read('remote-groups')).toBe('Admins,Wíki');
  });

  test('whoever is in none of its groups is told so, and leaving the group closes it at once', async () => {
    const group = await createGroup(house.app.deps, by(), 'Editors');
    const host = await protectHost(house, { groupIds: [group.id] });
    const { person, browser } = await signedIn();
    const refused = await browser.get(await host.begin());
    expect(refused.status).toBe(403);
    expect(textOf(refused.body)).toContain('Wiki isn’t open to you');
    expect(refused.headers['refresh']).toBeUndefined();
    expect(await recordsOf(house, person, 'app.signed_in')).toMatchObject([{ outcome: 'failure' }]);

    await join(group, person);
    expect(await host.enter(browser)).toBe('https://wiki.example.org/');
    expect((await host.check()).headers['remote-groups']).toBe('Editors');
    await leave(group, person);
    const closed = await host.check();
    expect(closed.status).toBe(403);
    expect(textOf(closed.body)).toContain('Wiki isn’t open to you');
    expect(closed.headers['remote-user']).toBeUndefined();
  });

  test('an app that demands two factors leads to setting them up, and opens with them', async () => {
    const host = await protectHost(house, { acr: 'mfa' });
    const { browser } = await signedIn();
    const start = await host.begin('/wanted');
    const shown = await browser.get(start);
    expect(textOf(shown.body)).toContain('Wiki asks for a second step');
    expect(shown.body).toContain('href="/account/security/totp"');
    await enableApp(house, browser);
    const callback = (await callbackOf(browser, start)) as string;
    expect((await host.own(callback)).location).toBe('https://wiki.example.org/wanted');
    expect(await host.isOpen()).toBe(true);
  });

  test('and never to a method that is not accepted', async () => {
    const host = await protectHost(house, { acr: 'mfa' });
    const { browser } = await signedIn();
    await setValue(house, 'forbidden_factors', ['totp']);
    const { body } = await browser.get(await host.begin('/wanted'));
    const [, first = ''] = /href="(\/account\/security[^"]*)"/.exec(body) ?? [];
    expect(first).toBe('/account/security/sms');
    expect((await browser.get(first)).status).toBe(200);
  });

  test('a trusted browser has proven the password alone: it confirms before an app that demands more', async () => {
    const { person, secret, browser } = await somebodyProtected(house);
    const { db } = house.app.database;
    await db.updateTable('session').set({ acr: 'pwd', amr: 'pwd', step_up_at: null }).execute();
    const host = await protectHost(house, { acr: 'mfa' });
    const start = await host.begin('/wanted');
    const asked = await browser.get(start);
    expect(asked.location).toBe(`/confirm?return_to=${encodeURIComponent(start)}`);
    await stepUp(house, browser, person, secret);
    expect(await callbackOf(browser, start)).not.toBe(null);
  });

  test('an app that demands a key says what is missing, and does not open without', async () => {
    const host = await protectHost(house, { acr: 'phr' });
    const { browser } = await somebodyProtected(house);
    const start = await host.begin();
    const shown = await browser.get(start);
    expect(textOf(shown.body)).toContain('Wiki asks for a key');
    expect(shown.body).toContain('href="/account/security/keys"');
    expect((await addKey(browser, new Authenticator())).status).toBe(303);
    const confirm = await browser.get(start);
    expect(confirm.body).toContain(`href="/confirm?return_to=${encodeURIComponent(start)}"`);
    expect(await host.isOpen()).toBe(false);
  });

  test('a rule that asks for more holds for the very next request', async () => {
    const host = await protectHost(house);
    const { browser } = await signedIn();
    await host.enter(browser);
    expect(await host.isOpen()).toBe(true);
    await change(host, { acr: 'mfa' });
    expect((await host.check()).status).toBe(303);
    await change(host, {});
    expect(await host.isOpen()).toBe(true);
    // And so does one of the whole organisation.
    const { random, database } = house.app.deps;
    await database.transaction((tx) => putTwoFactorRule(tx, random, null, house.clock.now(), 0));
    expect((await host.check()).status).toBe(303);
  });

  test('signing out, a suspension and the end of the session close every host at once', async () => {
    const wiki = await protectHost(house);
    const board = await protectHost(house, { name: 'Board', origin: 'https://board.example.org' });
    const { person, browser } = await signedIn();
    for (const host of [wiki, board]) await host.enter(browser);
    expect([await wiki.isOpen(), await board.isOpen()]).toEqual([true, true]);
    const { db } = house.app.database;
    await db.updateTable('account').set({ suspended_at: 1 }).where('id', '=', person.id).execute();
    expect([await wiki.isOpen(), await board.isOpen()]).toEqual([false, false]);
    await db.updateTable('account').set({ suspended_at: null }).where('id', '=', person.id).execute();
    expect(await wiki.isOpen()).toBe(true);
    await browser.post('/sign-out');
    expect([await wiki.isOpen(), await board.isOpen()]).toEqual([false, false]);
    expect(await db.selectFrom('forward_auth_session').selectAll().execute()).toEqual([]);
  });

  test('work at the host keeps the session alive, and idleness ends it', async () => {
    const host = await protectHost(house);
    const { browser } = await signedIn();
    await host.enter(browser);
    for (let n = 0; n < 4; n++) {
      house.clock.advance(20 * MINUTE);
      expect(await host.isOpen()).toBe(true);
    }
    expect((await browser.get('/account')).status).toBe(200);
    house.clock.advance(31 * MINUTE);
    expect(await host.isOpen()).toBe(false);
  });

  test('signing out of the host alone asks first, then leaves the session as it is', async () => {
    const host = await protectHost(house);
    const { browser } = await signedIn();
    await host.enter(browser);
    const page = await host.own('/.countersign/sign-out');
    expect(textOf(page.body)).toContain('Sign out of Wiki?');
    expect(page.body).toContain('action="/.countersign/sign-out"');
    expect(page.body).toContain('href="/.countersign/style.css"');
    expect((await host.own('/.countersign/style.css')).headers['content-type']).toMatch(/^text\/css/);
    const token = host.jar.cookies.get('__Host-countersign-app') as string;
    const done = await host.postOwn('/.countersign/sign-out');
    expect(done.location).toBe('/.countersign/sign-out');
    expect(host.jar.cookies.has('__Host-countersign-app')).toBe(false);
    host.jar.cookies.set('__Host-countersign-app', token);
    expect(await host.isOpen()).toBe(false);
    expect(textOf((await host.own(done.location)).body)).toContain('You are signed out of Wiki');
    expect((await browser.get('/account')).status).toBe(200);
  });

  test('what no person looks at is refused without a detour', async () => {
    const host = await protectHost(house);
    for (const headers of [
      { accept: 'application/json' },
      { accept: 'image/png,*/*', 'sec-fetch-mode': 'no-cors' },
      { 'x-requested-with': 'XMLHttpRequest' },
    ] as Record<string, string>[]) {
      const answer = await host.check('/api', headers);
      expect(answer.status).toBe(401);
      expect(answer.json()).toMatchObject({ code: 'sign_in_required' });
    }
    const program = await host.check('/api', { accept: '*/*' });
    expect(program.status).toBe(303);
  });

  test('two tabs at once both arrive', async () => {
    const host = await protectHost(house);
    const { browser } = await signedIn();
    const [one, other] = [await host.begin('/one'), await host.begin('/other')];
    for (const [start, path] of [
      [one, '/one'],
      [other, '/other'],
    ] as const) {
      const callback = (await callbackOf(browser, start)) as string;
      expect((await host.own(callback)).location).toBe(`https://wiki.example.org${path}`);
    }
  });

  test('a tile leads to the host too, through the host’s own beginning', async () => {
    const host = await protectHost(house);
    const { browser } = await signedIn();
    const first = await browser.get('/forward-auth/start?rd=https%3A%2F%2Fwiki.example.org%2Fx%3Fy%3D1');
    expect(first.location).toBe('https://wiki.example.org/.countersign/begin?rd=%2Fx%3Fy%3D1');
    const { location } = await host.own(first.location);
    const start = location.slice(house.app.deps.config.baseUrl.length);
    // Straight from another site, nothing of ours is being posted: no page in between.
    const straight = await browser.get(start, { 'sec-fetch-site': 'cross-site' });
    expect(straight.status).toBe(303);
    expect((await host.own(straight.location)).location).toBe('https://wiki.example.org/x?y=1');
  });

  test('a host that nobody registered, and a route that its proxy lacks, are told to whoever sets it up', async () => {
    const host = await protectHost(house);
    const stranger = await house
      .browser()
      .get('/forward-auth', { 'x-original-url': 'https://other.example.org/' });
    expect(stranger.status).toBe(403);
    expect(textOf(stranger.body)).toContain('This host isn’t registered');
    expect((await host.check('/.countersign/begin?rd=/')).status).toBe(403);
    house.clock.advance(SECOND);
  });
});
