import { describe, expect, test } from 'vitest';
import { NO_SETTINGS } from '../../src/clients/client.ts';
import { insertClient } from '../../src/clients/store.ts';
import { newId } from '../../src/kit/random.ts';
import type { Route, Takes } from '../../src/web/route.ts';
import { factorIdOf, halfSignedIn, MINUTE, planted, somebody, somebodyProtected } from '../kit/attack-kit.ts';
import type { Browser, Page } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { enterPassword, type Person } from '../kit/people.ts';
import { administrator, askForHelp, requestOf } from '../kit/recovery-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';

// Every route of the Dashboard, whoever built it: what is added later is in these tables by itself.

const JSON_PLEASE = { accept: 'application/json' };
const codeOf = (page: Page): string => page.json<{ code: string }>().code;

describe.each(ENGINES)('the Dashboard for those whom it is not for, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const db = () => house.app.database.db;

  interface Call {
    readonly method: Route['method'];
    readonly path: string;
    readonly level: string;
    readonly takes: Takes;
  }

  /** Each route with ids of what there is, so that only the caller is wrong. */
  async function calls(person: Person, ids: Readonly<Record<string, string>>): Promise<Call[]> {
    const routes = house.app.routes.filter(({ path }) => path === '/admin' || path.startsWith('/admin/'));
    expect(routes.length).toBeGreaterThanOrEqual(50);
    return routes.map(({ method, path, level, takes = 'form' }) => ({
      method,
      level: level.name,
      takes,
      path: path
        .replace('/admin/people/:id', `/admin/people/${person.id}`)
        .replace('/admin/groups/:id', `/admin/groups/${ids['group']}`)
        .replace('/admin/apps/:id', `/admin/apps/${ids['client']}`)
        .replace('/admin/recovery/:id', `/admin/recovery/${ids['request']}`)
        .replace(/:(\w+)/g, (_all, name: string) => ids[name] ?? ids['other'] ?? 'x'),
    }));
  }

  async function furnished() {
    const victim = await planted(house);
    await askForHelp(house, victim.person);
    const group = `g-${victim.person.id}`;
    await db()
      .insertInto('people_group')
      .values({ id: group, name: group, name_key: group, created_at: 1 })
      .execute();
    const { random, clock } = house.app.deps;
    const client = newId(random);
    const app = { ...NO_SETTINGS, name: 'Wiki', redirectUris: ['https://wiki.example.org/callback'] };
    const added = { ...app, id: client, kind: 'oidc', secretHash: 'x', now: clock.now() } as const;
    await house.app.database.transaction((tx) => insertClient(tx, added));
    const ids = {
      client,
      group,
      member: victim.person.id,
      factor: await factorIdOf(house, victim.person),
      request: (await requestOf(house, victim.person)).id,
      seq: '1',
      other: '0'.repeat(32),
    };
    return { victim, ids, all: await calls(victim.person, ids) };
  }

  const call = (browser: Browser, one: Call, fields: Record<string, string> = {}): Promise<Page> =>
    browser.call(one, one.path, fields, JSON_PLEASE);

  const formsIn = ({ body }: Page): string[] =>
    [...body.matchAll(/<form[^>]* method="post"[^>]* action="([^"]*)"/g)]
      .map(([, action = '']) => action)
      .filter((action) => action !== '/sign-out');

  const asPublisher = ({ level }: Call) => level.endsWith('publisher');

  test('A63/R69: for a member there is none of it, and for a publisher the apps alone, fresh or not', async () => {
    const { all, victim } = await furnished();
    for (const roles of ['', 'publisher']) {
      const { browser } = await somebodyProtected(house, { roles });
      for (const wait of [0, 11 * MINUTE]) {
        house.clock.advance(wait);
        for (const one of all.filter((route) => roles === '' || !asPublisher(route))) {
          const page = await call(browser, one);
          expect([one.method, one.path, page.status, codeOf(page)]).toEqual([
            one.method,
            one.path,
            404,
            'not_found',
          ]);
          expect(page.body).not.toContain(victim.person.email);
        }
      }
    }
  });

  test('A63/R30: nor for the half signed in, the enrolling, the stranger, or an administrator without a factor', async () => {
    const { all, victim } = await furnished();
    const half = await halfSignedIn(house, (await planted(house, { roles: 'admin' })).person);
    const enrolling = house.browser();
    await enterPassword(enrolling, await somebody(house, { roles: 'admin' }));
    expect(enrolling.cookies.has('enrolment')).toBe(true);
    const promoted = await somebody(house);
    const password = house.browser();
    await enterPassword(password, promoted);
    await db().updateTable('account').set({ roles: 'admin' }).where('id', '=', promoted.id).execute();
    const whom: [string, Browser, number, string][] = [
      ['stranger', house.browser(), 401, 'sign_in_required'],
      ['half', half, 401, 'sign_in_required'],
      ['enrolling', enrolling, 403, 'two_factor_required'],
      ['password', password, 403, 'two_factor_required'],
    ];
    for (const one of all) {
      for (const [who, browser, status, code] of whom) {
        const page = await call(browser, one);
        expect([who, one.method, one.path, page.status, codeOf(page)]).toEqual([
          who,
          one.method,
          one.path,
          status,
          code,
        ]);
        expect(page.body).not.toContain(victim.person.email);
      }
    }
  });

  test('R69: each write, and each page that holds one, takes a proof of the last ten minutes', async () => {
    const { all, victim } = await furnished();
    const boss = await administrator(house, 'Boss');
    const before = await db().selectFrom('account').selectAll().where('id', '=', victim.person.id).execute();
    house.clock.advance(11 * MINUTE);
    for (const one of all) {
      const page = await call(boss.browser, one);
      const stale = one.method !== 'GET' || one.level.startsWith('stepped-up');
      if (stale) expect([one.path, page.status, codeOf(page)]).toEqual([one.path, 403, 'step_up_required']);
      else expect([one.path, page.status === 403]).toEqual([one.path, false]);
      // What may be looked at all the same holds no form that would only lead to the proof.
      if (one.method === 'GET')
        expect([one.path, formsIn(await boss.browser.get(one.path))]).toEqual([one.path, []]);
    }
    expect(await db().selectFrom('account').selectAll().where('id', '=', victim.person.id).execute()).toEqual(
      before,
    );
  });

  test('R71: fields that nobody asked for are 400 on every write, and change nothing', async () => {
    const { all, victim } = await furnished();
    const { browser } = await administrator(house, 'Boss');
    const before = await db().selectFrom('account').selectAll().where('id', '=', victim.person.id).execute();
    const writes = all.filter(({ method }) => method !== 'GET');
    expect(writes.length).toBeGreaterThanOrEqual(20);
    for (const one of writes) {
      for (const extra of ['emailVerified', 'twoFactorEnabled', 'security_version']) {
        const page = await call(browser, one, { [extra]: 'true' });
        expect([one.path, extra, page.status]).toEqual([one.path, extra, 400]);
      }
    }
    expect(await db().selectFrom('account').selectAll().where('id', '=', victim.person.id).execute()).toEqual(
      before,
    );
  });

  test('R71: an id that names nothing, or is none, is 404 wherever a path takes one', async () => {
    const { browser, person: boss } = await administrator(house, 'Boss');
    const taking = house.app.routes.filter(({ path }) => path.startsWith('/admin/') && path.includes('/:'));
    expect(taking.length).toBeGreaterThanOrEqual(25);
    const faults: string[] = [];
    for (const { method, path, takes = 'form' } of taking) {
      for (const id of [
        '0'.repeat(32),
        '%00',
        "'",
        '..%2f',
        'x'.repeat(200),
        'x'.repeat(300),
        '__proto__',
        '-1',
      ]) {
        const here = path.replace(/:\w+/g, id);
        const fields: Record<string, string> = /role$/.test(path)
          ? { role: 'admin' }
          : /reset|propose/.test(path)
            ? { reason: 'x' }
            : /rename$/.test(path)
              ? { name: 'x' }
              : /members$/.test(path)
                ? { email: boss.email }
                : /groups$/.test(path)
                  ? { group: 'x' }
                  : {};
        const page = await call(browser, { method, path: here, level: '', takes }, fields);
        // A form that asks for more than these fields refuses before it looks for the id.
        if (
          ![404, ...(Object.keys(fields).length === 0 && method !== 'GET' ? [400, 422] : [])].includes(
            page.status,
          )
        )
          faults.push(`${method} ${here.slice(0, 80)} answered ${page.status}`);
      }
    }
    expect(faults).toEqual([]);
  });

  test('R70: nothing in the Dashboard signs anybody in as somebody else, or sets a password', async () => {
    const { all } = await furnished();
    const { browser } = await administrator(house, 'Boss');
    const session = browser.cookies.get('session');
    for (const one of all.filter(({ method, path }) => method === 'GET' && !path.includes('/export'))) {
      const page = await browser.get(one.path);
      expect([one.path, page.body.includes('name="password"')]).toEqual([one.path, false]);
      expect([one.path, page.headers['set-cookie'] ?? []]).toEqual([one.path, []]);
    }
    expect(browser.cookies.get('session')).toBe(session);
  });
});
