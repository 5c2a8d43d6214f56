import { describe, expect, test } from 'vitest';
import {
  countOf,
  factorIdOf,
  halfSignedIn,
  securityOf,
  seesAccount,
  settled,
  somebody,
  somebodyProtected,
  someEmail,
  tokenOf,
} from '../kit/attack-kit.ts';
import type { Page } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, enterPassword, readEnrolment } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

describe.each(ENGINES)('what belongs to others, on %s', (engine) => {
  const house = sharedHouse({ engine });

  test('R71: somebody else’s factors and sessions do not exist', async () => {
    const ann = await somebodyProtected(house);
    const mallory = await somebodyProtected(house);
    const factor = await factorIdOf(house, ann.person);
    const { db } = house.app.database;
    const sessions = await db
      .selectFrom('session')
      .select('id')
      .where('account_id', '=', ann.person.id)
      .execute();
    const session = sessions[0]?.id as string;
    const state = await securityOf(house, ann.person);
    const m = mallory.browser;
    const own = readEnrolment((await m.get('/account/security/totp')).body);
    const tries = [
      await m.get(`/account/security/factors/${factor}`),
      await m.post(`/account/security/factors/${factor}`, { label: 'Mine' }),
      await m.post(`/account/security/factors/${factor}/prefer`),
      await m.get(`/account/security/factors/${factor}/remove`),
      await m.post(`/account/security/factors/${factor}/remove`),
      await m.get(`/account/security/totp?replaces=${factor}`),
      await m.post('/account/security/totp', { code: appCode(house, own.secret), replaces: factor }),
      await m.get(`/account/sessions/${session}/end`),
      await m.get('/account/email/remove-recovery'),
      await m.post(`/account/sessions/${session}/end`),
      await m.post(`/account/sessions/${'0'.repeat(32)}/end`),
    ];
    expect(tries.map(({ status }) => status)).toEqual(Array(11).fill(404));
    expect(await securityOf(house, ann.person)).toEqual(state);
    expect(await seesAccount(ann.browser)).toBe(true);
    const [theirs, nobodys] = [factor, '0'.repeat(32)].map((id) => m.get(`/account/security/factors/${id}`));
    expect(settled((await theirs) as Page)).toBe(settled((await nobodys) as Page));
  });

  test('R48/R71: a link for one account changes nothing of another that opens it', async () => {
    const [ann, mallory] = [await somebodyProtected(house), await somebodyProtected(house)];
    const wanted = someEmail('wanted');
    await ann.browser.post('/account/email', { email: wanted });
    const token = tokenOf(await house.link(wanted, '/email-change'));
    const states = [await securityOf(house, ann.person), await securityOf(house, mallory.person)];
    expect((await mallory.browser.get(`/email-change?token=${token}`)).status).toBe(422);
    expect((await mallory.browser.post('/email-change', { token })).status).toBe(422);
    expect([await securityOf(house, ann.person), await securityOf(house, mallory.person)]).toEqual(states);
    expect((await ann.browser.post('/email-change', { token })).status).toBe(303);
  });

  test('R71/R83: an id that is none is not found, on every route that takes one', async () => {
    const { browser } = await somebodyProtected(house);
    const ids = [
      '%00',
      'x%00y',
      '..',
      '%2e%2e%2f',
      "'",
      '%27%20or%201=1',
      '-1',
      '0',
      'null',
      'undefined',
      '%F0%9F%94%91',
      '%ED%A0%80',
      'a'.repeat(199),
      '__proto__',
      'constructor',
      '%0d%0aSet-Cookie:%20a=b',
    ];
    const taking = house.app.routes.filter(({ path }) => path.includes('/:id'));
    expect(taking.length).toBeGreaterThanOrEqual(5);
    const faults: string[] = [];
    const known = new Set(house.app.routes.map(({ path }) => path));
    for (const { method, path, takes } of taking) {
      for (const id of ids) {
        const here = path.replace(':id', id);
        // Where `..` leads to another page of ours, it is that page which answers.
        if (id === '..' && known.has(new URL(here, 'http://localhost').pathname)) continue;
        const page = await browser.call({ method, takes }, here, path.endsWith(':id') ? { label: 'x' } : {});
        if (![400, 404].includes(page.status))
          faults.push(`${method} ${here.slice(0, 80)} answered ${page.status}`);
      }
    }
    expect(faults).toEqual([]);
  });

  test('A63/R71: a member opens nothing of the administration', async () => {
    const { browser } = await somebodyProtected(house);
    for (const path of [
      '/admin',
      '/admin/people',
      '/admin/policy',
      '/admin/clients',
      '/admin/records',
      '/api/v1/accounts',
      '/api/v1',
      '/setup',
      `/setup?token=${'x'.repeat(43)}`,
    ]) {
      expect([401, 403, 404, 422], path).toContain((await browser.get(path)).status);
      const bare = path.split('?')[0] as string;
      const takes = house.app.routes.find((one) => one.path === bare && one.method === 'POST')?.takes;
      const posted = await browser.call({ method: 'POST', takes }, bare, {
        name: 'x',
        email: 'x@example.org',
        password: 'brisk-teal-heron-77',
        token: 'x'.repeat(43),
      });
      expect([401, 403, 404, 405, 422], path).toContain(posted.status);
    }
  });

  test('A63/R71: fields that nobody asked for are refused with 400, and nothing changes', async () => {
    const { person, browser } = await somebodyProtected(house);
    const extras: Record<string, string>[] = [
      { role: 'admin' },
      { roles: 'admin' },
      { emailVerified: 'true' },
      { twoFactorEnabled: 'false' },
      { email: 'x@example.org' },
      { id: 'x' },
      { security_version: '1' },
      { suspended_at: '' },
      { 'roles[]': 'admin' },
      { 'account[roles]': 'admin' },
      { password_hash: 'x' },
      { proven_at: '1' },
    ];
    const forms: [string, Record<string, string>][] = [
      ['/account', { name: 'Changed' }],
      ['/account/email', { email: 'changed@example.org' }],
      ['/account/security/disable', { password: person.password }],
      ['/account/password', { current_password: person.password, new_password: 'brisk-teal-heron-77' }],
      [`/account/security/factors/${await factorIdOf(house, person)}`, { label: 'Changed' }],
      ['/confirm', { password: person.password }],
      ['/sign-up', { name: 'New', email: 'new@example.org' }],
      ['/sign-in', { email: person.email, password: person.password }],
      // Forms of a button alone.
      ['/sign-out', {}],
      ['/account/sessions/end-others', {}],
      ['/account/security/recovery-codes', {}],
      [`/account/security/factors/${await factorIdOf(house, person)}/remove`, {}],
      [`/account/security/factors/${await factorIdOf(house, person)}/prefer`, {}],
      ['/account/export', {}],
    ];
    const state = await securityOf(house, person);
    for (const [path, fields] of forms) {
      for (const extra of extras) {
        if (Object.keys(extra).some((key) => key in fields)) continue;
        const page = await browser.post(path, { ...fields, ...extra });
        expect(page.status, `${path} ${JSON.stringify(extra)}`).toBe(400);
      }
    }
    expect(await securityOf(house, person)).toEqual(state);
  });

  test('A63: an administrator without a second step is led to enrol before anything else, also as JSON', async () => {
    const boss = await somebody(house, { roles: 'admin' });
    const browser = house.browser();
    await enterPassword(browser, boss);
    for (const { method, path, level, takes } of house.app.routes) {
      if (['everyone', 'anyone', 'pending', 'enrolling'].includes(level.name)) continue;
      if (path === '/account/security' || level.name.startsWith('bearer ')) continue;
      const here = path.replace(':id', 'a'.repeat(32));
      const page = await browser.call({ method, takes }, here);
      expect([page.status, page.location], `${method} ${path}`).toEqual([303, '/account/security']);
    }
    for (const path of ['/sign-in', '/sign-in?return_to=%2Faccount', '/recover']) {
      const page = await browser.get(path);
      expect([page.status, page.location], path).toEqual([303, '/account/security']);
      const json = await browser.get(path, { accept: 'application/json' });
      expect([json.status, json.json<{ code: string }>().code], path).toEqual([403, 'two_factor_required']);
    }
    expect((await browser.get('/help')).status).toBe(200);
    expect(await countOf(house, 'session', boss)).toBe(0);
    // Whoever is somebody else gets out: by signing out, or in anew.
    const other = await somebody(house);
    expect((await enterPassword(browser, other)).location).toBe('/');
    expect(await seesAccount(browser)).toBe(true);
    const again = house.browser();
    await enterPassword(again, boss);
    expect((await again.post('/sign-out')).location).toBe('/sign-in');
    expect((await again.get('/sign-in')).status).toBe(200);
  });

  test('contract: a JSON client that half signed in, or not at all, gets 401 sign_in_required', async () => {
    const { person } = await somebodyProtected(house);
    const half = await halfSignedIn(house, person);
    const json = { accept: 'application/json' };
    for (const browser of [house.browser(), half]) {
      for (const path of ['/', '/account', '/account/security', '/account/security/disable', '/confirm']) {
        const page = await browser.get(path, json);
        expect([page.status, page.json<{ code: string }>().code], path).toEqual([401, 'sign_in_required']);
      }
    }
    const factor = await house.browser().post('/sign-in/factor/totp', { code: '123456' }, json);
    expect(factor.status).toBe(401);
  });
});
