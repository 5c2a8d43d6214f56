import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { byOperator } from '../../src/cli/find-account.ts';
import { changeClient } from '../../src/clients/change-clients.ts';
import { findClient, findClientWithSecret } from '../../src/clients/store.ts';
import { createGroup } from '../../src/groups/change-groups.ts';
import type { Group } from '../../src/groups/store.ts';
import { tokenHash } from '../../src/kit/encoding.ts';
import { HOUR, MINUTE, pseudonymOf, somebodyProtected } from '../kit/attack-kit.ts';
import { type Browser, type Page, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { type Person, stepUp } from '../kit/people.ts';
import { protectHost } from '../kit/protected-host.ts';
import { follow, interactionOf, registerApp } from '../kit/relying-party.ts';

const APPS = '/admin/apps';
const WIKI = {
  name: 'Wiki',
  type: 'confidential',
  redirect_uris: 'https://wiki.example.org/cb\n\n http://localhost:8080/cb ',
  post_logout_redirect_uris: '',
  backchannel_logout_uri: '',
  home_url: '',
  description: '',
};

describe.each(ENGINES)('an administrator and the apps, on %s', (engine) => {
  let house: House;
  let boss: { person: Person; secret: string; browser: Browser };
  let editors: Group;
  beforeAll(async () => {
    house = await openHouse({ engine });
    boss = await somebodyProtected(house, { roles: 'admin', name: 'Boss' });
    editors = await createGroup(house.app.deps, byOperator(house.app.deps), 'Editors');
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    if (!(await hasFreshStepUp())) await stepUp(house, boss.browser, boss.person, boss.secret);
  });

  const db = () => house.app.database.db;
  const idOf = (path: string) => path.slice(APPS.length + 1);
  const listed = async (by = boss.browser) => textOf((await by.get(APPS)).body);
  const hasFreshStepUp = async () => (await boss.browser.get(`${APPS}/new/oidc`)).status === 200;
  const secretOn = (page: Page) => /id="secret" data-text="([\w-]{43})"/.exec(page.body)?.[1] ?? null;
  async function lastRecord(event: string) {
    const query = db().selectFrom('audit_event').selectAll().where('event', '=', event);
    return query.orderBy('seq', 'desc').executeTakeFirst();
  }

  test('registers an app: the secret is shown once, and kept as its hash alone', async () => {
    const form = await boss.browser.get(`${APPS}/new/oidc`);
    expect(textOf(form.body)).toContain('Register an app');
    const made = await boss.browser.post(`${APPS}/new/oidc`, WIKI);
    expect(made.status).toBe(303);
    expect(made.location).toMatch(/^\/admin\/apps\/[0-9a-f]{32}$/);
    const shown = await boss.browser.get(made.location);
    expect(shown.headers['cache-control']).toBe('no-store');
    const secret = secretOn(shown) as string;
    const id = idOf(made.location);
    expect((await findClientWithSecret(db(), id))?.secretHash).toBe(tokenHash(secret));
    const words = textOf(shown.body);
    expect(words).toContain('The app is registered.');
    expect(words).toContain('It is shown this once');
    for (const value of [house.app.deps.config.baseUrl, id])
      expect(shown.body).toContain(`data-text="${value}"`);
    expect(shown.body).toContain(`&#39;${secret}&#39;`);

    const again = await boss.browser.get(made.location);
    expect(again.body).not.toContain(secret);
    expect(again.body).toContain('CLIENT_SECRET');
    expect(boss.browser.cookies.has('once')).toBe(false);
    expect(await findClient(db(), id)).toMatchObject({
      kind: 'oidc',
      isPublic: false,
      acr: 'pwd',
      groupIds: [],
      homeUrl: null,
      redirectUris: ['https://wiki.example.org/cb', 'http://localhost:8080/cb'],
    });
    expect(await listed()).toContain(
      'Wiki Signs in by: OpenID Connect Asks for: A sign-in Open to: Everybody',
    );
    expect(await lastRecord('client.created')).toMatchObject({
      actor: await pseudonymOf(house, boss.person),
      detail: JSON.stringify({ client: id, kind: 'oidc' }),
    });
  });

  test('the secret on its way opens in the session and for the app that it is of, for a minute', async () => {
    const made = await boss.browser.post(`${APPS}/new/oidc`, WIKI);
    const once = boss.browser.cookies.get('once') as string;
    const other = await registerApp(house, { name: 'Other' });
    expect(secretOn(await boss.browser.get(`${APPS}/${other.clientId}`))).toBeNull();
    const thief = await somebodyProtected(house, { roles: 'admin' });
    thief.browser.cookies.set('once', once);
    expect(secretOn(await thief.browser.get(made.location))).toBeNull();
    house.clock.advance(MINUTE);
    boss.browser.cookies.set('once', once);
    expect(secretOn(await boss.browser.get(made.location))).toBeNull();
  });

  test('an app that can keep no secret, a protected host, a program', async () => {
    const open = await boss.browser.submit(`${APPS}/new/oidc`, {
      ...WIKI,
      name: 'Phone',
      type: 'public',
      redirect_uris: 'com.example.phone:/cb',
      acr: 'phr',
      groups: editors.id,
    });
    expect(secretOn(open)).toBeNull();
    expect(textOf(open.body)).toContain('None: it could keep none');
    expect(textOf(open.body)).not.toContain('Make a new secret');
    expect(textOf(open.body)).toContain('Open to Editors');

    const host = await boss.browser.submit(`${APPS}/new/forward-auth`, {
      name: 'Printer',
      origin: ' https://Printer.example.org/ ',
      acr: 'mfa',
      home_url: 'https://printer.example.org/',
      description: 'Prints.',
    });
    expect(textOf(host.body)).toContain('Host https://printer.example.org');
    expect(host.body).toContain('server_name printer.example.org;');
    expect(await listed()).toContain('Printer Signs in by: Behind a proxy Asks for: A second factor');

    const api = `name=Robot&scopes=accounts%3Aread&scopes=audit%3Aread`;
    const program = await boss.browser.submit(`${APPS}/new/api`, api);
    expect(secretOn(program)).not.toBeNull();
    expect(textOf(program.body)).toContain('Read the records');
    expect(await listed()).toContain('Robot Signs in by: Management API Asks for: – Open to: Programs');
  });

  test('what is wrong stands beside its field, with what was typed', async () => {
    const answer = await boss.browser.post(
      `${APPS}/new/oidc`,
      `${new URLSearchParams({ ...WIKI, name: '', redirect_uris: 'http://evil.example/\nhttps://ok.example/', home_url: 'ftp://x', type: 'public' })}&groups=${editors.id}`,
    );
    expect(answer.status).toBe(422);
    const words = textOf(answer.body);
    expect(words).toContain('Fill this in.');
    expect(words).toContain('Type whole addresses that begin with https://');
    expect(answer.body).toContain('http://evil.example/\nhttps://ok.example/</textarea>');
    expect(answer.body).toContain(`value="${editors.id}" checked`);
    expect(answer.body).toContain('value="public" selected');
    const taken = await boss.browser.post(`${APPS}/new/forward-auth`, {
      name: 'P',
      origin: 'https://id.example.org/path',
    });
    expect(textOf(taken.body)).toContain('Type only the address of the host');
    const own = { name: 'P', origin: house.app.deps.config.baseUrl };
    expect(textOf((await boss.browser.post(`${APPS}/new/forward-auth`, own)).body)).toContain(
      'Another app already uses this',
    );
    const unticked = (await boss.browser.post(`${APPS}/new/api`, { name: 'P' })).body;
    expect(textOf(unticked)).toContain('Tick at least one.');
    // The first box has the focus, so that it is read out with what is wrong.
    expect(unticked).toMatch(/<input type="checkbox" id="f-scopes-1"[^>]* autofocus/);
    const gone = { ...WIKI, groups: '0'.repeat(32) };
    expect(textOf((await boss.browser.post(`${APPS}/new/oidc`, gone)).body)).toContain(
      'no longer exists. Choose again',
    );
  });

  test('R71: fields that the form does not have are refused', async () => {
    for (const [kind, field] of [
      ['oidc', 'origin'],
      ['oidc', 'scopes'],
      ['oidc', 'kind'],
      ['oidc', 'secret_hash'],
      ['forward-auth', 'redirect_uris'],
      ['forward-auth', 'type'],
      ['api', 'acr'],
      ['api', 'groups'],
    ] as const) {
      const answer = await boss.browser.post(`${APPS}/new/${kind}`, { name: 'X', [field]: 'accounts:read' });
      expect(answer.status, `${kind} ${field}`).toBe(400);
    }
    const { clientId } = await registerApp(house);
    const change = { ...WIKI, name: 'X' };
    expect((await boss.browser.post(`${APPS}/${clientId}/edit`, change)).status).toBe(400);
    expect((await boss.browser.get(`${APPS}/nobody`)).status).toBe(404);
  });

  test('R71: a form that stood open while another administrator closed the app does not open it again', async () => {
    const { clientId } = await registerApp(house, { name: 'Ledger' });
    const path = `${APPS}/${clientId}/edit`;
    const form = await boss.browser.get(path);
    const seen = /name="seen" value="([\w-]+)"/.exec(form.body)?.[1] as string;
    const { redirectUris } = (await findClient(db(), clientId)) as NonNullable<
      Awaited<ReturnType<typeof findClient>>
    >;
    const asShown = {
      name: 'Ledger',
      description: 'For all',
      home_url: '',
      acr: 'pwd',
      redirect_uris: redirectUris.join('\n'),
      post_logout_redirect_uris: '',
      backchannel_logout_uri: '',
    };
    const { deps } = house.app;
    await changeClient(deps, byOperator(deps), clientId, { acr: 'mfa', groupIds: [editors.id] });
    const late = await boss.browser.post(path, { ...asShown, seen });
    expect(late.status).toBe(409);
    expect(textOf(late.body)).toContain('Somebody changed this at the same time');
    // How it is now, not as it was typed.
    expect(late.body).toContain(`value="${editors.id}" checked`);
    expect(await findClient(db(), clientId)).toMatchObject({ acr: 'mfa', groupIds: [editors.id] });
    const anew = /name="seen" value="([\w-]+)"/.exec(late.body)?.[1] as string;
    const again = await boss.browser.post(path, {
      ...asShown,
      acr: 'mfa',
      groups: editors.id,
      seen: anew,
    });
    expect(again.location).toBe(`${APPS}/${clientId}`);
    expect(await findClient(db(), clientId)).toMatchObject({
      description: 'For all',
      groupIds: [editors.id],
    });
  });

  test('changes the settings, and everything that is not said goes', async () => {
    const { clientId } = await registerApp(house, { backchannelLogoutUri: 'https://wiki.example.org/bye' });
    const form = await boss.browser.get(`${APPS}/${clientId}/edit`);
    expect(form.field('backchannel_logout_uri')).toBe('https://wiki.example.org/bye');
    expect(form.body).not.toContain('name="type"');
    const { type: _type, ...fields } = WIKI;
    const changed = { ...fields, name: 'Wiki two', acr: 'mfa', groups: editors.id };
    const done = await boss.browser.submit(`${APPS}/${clientId}/edit`, changed);
    expect(textOf(done.body)).toContain('The settings are saved.');
    expect(await findClient(db(), clientId)).toMatchObject({
      name: 'Wiki two',
      acr: 'mfa',
      groupIds: [editors.id],
      backchannelLogoutUri: null,
    });
    const wrong = await boss.browser.post(`${APPS}/${clientId}/edit`, { ...changed, redirect_uris: 'x' });
    expect([wrong.status, textOf(wrong.body).includes('Settings of Wiki')]).toEqual([422, true]);
    expect(await lastRecord('client.changed')).toMatchObject({
      detail: JSON.stringify({ client: clientId }),
    });
  });

  test('makes a new secret after a question, and the old one is dead', async () => {
    const { clientId, clientSecret } = await registerApp(house);
    const path = `${APPS}/${clientId}/secret`;
    expect(textOf((await boss.browser.get(path)).body)).toContain('Make a new secret for Wiki?');
    const shown = await boss.browser.submit(path);
    expect(secretOn(shown)).not.toBe(clientSecret);
    expect((await findClientWithSecret(db(), clientId))?.secretHash).toBe(
      tokenHash(secretOn(shown) as string),
    );
    const host = await protectHost(house, { name: 'H', origin: 'https://h.example.org' });
    expect((await boss.browser.post(`${APPS}/${host.clientId}/secret`)).status).toBe(409);
  });

  test('removes an app after a question', async () => {
    const { clientId } = await registerApp(house, { name: 'Leaving' });
    const path = `${APPS}/${clientId}/remove`;
    expect(textOf((await boss.browser.get(path)).body)).toContain('Remove Leaving?');
    const list = await boss.browser.submit(path);
    expect(textOf(list.body)).toContain('The app is removed.');
    expect(textOf(list.body)).not.toContain('Leaving');
    expect((await boss.browser.post(path)).status).toBe(404);
  });

  test('R69: every change asks for a fresh step-up, looking does not', async () => {
    const { clientId } = await registerApp(house);
    house.clock.advance(11 * MINUTE);
    for (const path of [
      '/new/oidc',
      '/new/forward-auth',
      '/new/api',
      `/${clientId}/edit`,
      `/${clientId}/remove`,
    ]) {
      for (const answer of [await boss.browser.get(APPS + path), await boss.browser.post(APPS + path, WIKI)])
        expect(answer.location, path).toMatch(/^\/confirm\?return_to=/);
    }
    expect((await boss.browser.get(`${APPS}/${clientId}`)).status).toBe(200);
    expect(await findClient(db(), clientId)).not.toBeNull();
    house.clock.advance(5 * MINUTE);
  });

  test('A63: a publisher is shown the way to the App Store, and for a member there is nothing', async () => {
    const { clientId } = await registerApp(house, { name: 'Hidden' });
    const publisher = await somebodyProtected(house, { roles: 'publisher' });
    const way = await publisher.browser.get(APPS);
    expect(way.body).toContain('href="/store/manage"');
    expect(way.body).not.toContain('Hidden');
    const member = await somebodyProtected(house);
    for (const { browser } of [publisher, member]) {
      for (const path of ['/new', '/new/oidc', `/${clientId}`, `/${clientId}/edit`, `/${clientId}/try`])
        expect((await browser.get(APPS + path)).status, path).toBe(404);
      for (const path of ['/new/oidc', `/${clientId}/edit`, `/${clientId}/remove`, `/${clientId}/try`])
        expect((await browser.post(APPS + path, WIKI)).status, path).toBe(404);
    }
    expect((await member.browser.get(APPS)).status).toBe(404);
    expect((await house.browser().get(APPS)).location).toMatch(/^\/sign-in/);
  });

  test("whoever has just said “This wasn't me” finds no app changed in their name", async () => {
    const { id } = boss.person;
    const until = house.clock.now() + HOUR;
    await db().updateTable('account').set({ frozen_until_at: until }).where('id', '=', id).execute();
    expect((await boss.browser.post(`${APPS}/new/oidc`, WIKI)).status).toBe(409);
    await db().updateTable('account').set({ frozen_until_at: null }).where('id', '=', id).execute();
  });

  describe('tries a sign-in', () => {
    async function walk(clientId: string, how = 'as-you-are'): Promise<Page> {
      const begun = await boss.browser.post(`${APPS}/${clientId}/try`, { how });
      expect(begun.status).toBe(303);
      let page = await follow(boss.browser, begun.location);
      if (page.body.includes('value="allow"')) {
        const action = interactionOf(page);
        const allowed = await boss.browser.post(action, { decision: 'allow' });
        page = await toTried(allowed.location);
      } else if (page.location !== '') page = await toTried(page.location);
      return page;
    }
    /** The authorization response leads to our own origin, as any app's does to its own. */
    async function toTried(location: string): Promise<Page> {
      const { baseUrl } = house.app.deps.config;
      const path = location.startsWith(baseUrl) ? location.slice(baseUrl.length) : location;
      const page = await boss.browser.get(path);
      return page.status === 303 ? toTried(page.location) : page;
    }

    test('and sees what the app would be told; a reload tells nothing', async () => {
      const { clientId } = await registerApp(house, { acr: 'mfa' });
      const form = await boss.browser.get(`${APPS}/${clientId}/try`);
      expect(textOf(form.body)).toContain('Try a sign-in to Wiki');
      expect(textOf(form.body)).toContain(`See your e-mail address, ${boss.person.email}`);
      const told = textOf((await walk(clientId)).body);
      expect(told).toContain('this is what the app is told');
      expect(told).toContain(`sub "${boss.person.id}"`);
      expect(told).toContain('acr "mfa"');
      expect(told).toContain(`aud "${clientId}"`);
      expect(told).toContain(`email "${boss.person.email}"`);
      expect(told).toContain('name "Boss"');
      expect((await boss.browser.get('/admin/apps/tried?code=x&state=y')).status).toBe(404);
    });

    test('that the app would be refused is told as the app is told it', async () => {
      const { clientId } = await registerApp(house, { groupIds: [editors.id] });
      const begun = await boss.browser.post(`${APPS}/${clientId}/try`, { how: 'as-you-are' });
      const page = await follow(boss.browser, begun.location);
      expect(textOf(page.body)).toContain('Wiki isn’t open to you');
      const action = interactionOf(page);
      const left = await boss.browser.post(action, { decision: 'leave' });
      const told = textOf((await toTried(left.location)).body);
      expect(told).toContain('the sign-in did not work');
      expect(told).toContain('access_denied');
    });

    test('anew: password and second step are asked for first', async () => {
      const { clientId } = await registerApp(house);
      const begun = await boss.browser.post(`${APPS}/${clientId}/try`, { how: 'anew' });
      const page = await follow(boss.browser, begun.location);
      expect(textOf(page.body)).toContain('Confirm that it is you');
    });

    test('a code is taken once, of the sign-in that was begun, by the session that began it', async () => {
      const { clientId } = await registerApp(house);
      const { baseUrl } = house.app.deps.config;
      async function callback(): Promise<string> {
        const begun = await boss.browser.post(`${APPS}/${clientId}/try`, { how: 'as-you-are' });
        let page = await follow(boss.browser, begun.location);
        if (page.body.includes('value="allow"')) {
          const action = interactionOf(page);
          page = await boss.browser.post(action, { decision: 'allow' });
          page = await follow(boss.browser, page.location);
        }
        return page.location.slice(baseUrl.length);
      }
      const path = await callback();
      const trial = boss.browser.cookies.get('trial') as string;
      const forged = await boss.browser.get(path.replace(/state=[\w-]+/, `state=${'A'.repeat(43)}`));
      expect(forged.status).toBe(400);
      const thief = await somebodyProtected(house, { roles: 'admin' });
      thief.browser.cookies.set('trial', trial);
      expect((await thief.browser.get(path)).status).toBe(404);
      expect(textOf((await boss.browser.get(path)).body)).toContain('this is what the app is told');
      boss.browser.cookies.set('trial', trial);
      expect(textOf((await boss.browser.get(path)).body)).toContain('doesn’t belong to a sign-in');
      // A code of another sign-in, which this one's state is put to.
      const other = new URL(await callback(), baseUrl).searchParams;
      const mine = new URL(await callback(), baseUrl).searchParams;
      const mixed = `/admin/apps/tried?code=${other.get('code')}&state=${mine.get('state')}`;
      expect(textOf((await boss.browser.get(mixed)).body)).toContain('doesn’t belong to a sign-in');
    });

    test('nothing but an app of OpenID Connect is signed in to that way', async () => {
      const host = await protectHost(house, { name: 'T', origin: 'https://t.example.org' });
      expect((await boss.browser.get(`${APPS}/${host.clientId}/try`)).status).toBe(404);
      expect((await boss.browser.post(`${APPS}/${host.clientId}/try`, { how: 'anew' })).status).toBe(404);
    });
  });
});
