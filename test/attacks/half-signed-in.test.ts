import { describe, expect, test } from 'vitest';
import {
  answerTotp,
  countOf,
  halfSignedIn,
  planted,
  recordsOf,
  securityOf,
  seesAccount,
  settled,
  somebody,
  somebodyProtected,
} from '../kit/attack-kit.ts';
import { type Browser, type Page, textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, enterPassword } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

describe.each(ENGINES)('half signed in, on %s', (engine) => {
  const house = sharedHouse({ engine });

  /** A path that a route would serve, with something in the place of its parameters. */
  const concrete = (path: string) => path.replace(/:\w+/g, 'a'.repeat(32)).replace('*', 'x');

  /** What a half-signed-in browser may open, and what anybody may. */
  const ANSWERING = /^\/sign-in\/factor(\/|$)|^\/sign-in\/cancel$|^\/recover$/;
  const ANYBODY =
    /^\/(assets|favicon|forward-auth\/style|healthz|readyz|mailbox|help|sign-in(\/passkey)?$|sign-up|sign-out|check-email|forgot-password|reset-password|invitation|setup|undo|not-me|recover\/|temporary-pass|enrol|\.well-known|privacy|offline|oidc\/(jwks|token|revoke|introspect|userinfo|authorize$|logout)|api\/v1\/openapi\.json$)/;

  function routes() {
    return house.app.routes.map(({ method, path, takes }) => ({ method, takes, path: concrete(path) }));
  }

  test('A10/R30: with the pending cookie nothing but the factor routes opens, and no page tells anything', async () => {
    const { person } = await planted(house, { name: 'Zoë Quillfeather' });
    const opened: string[] = [];
    for (const one of routes()) {
      const { method, path } = one;
      if (ANYBODY.test(path) || path === '/sign-in/cancel') continue;
      const browser = await halfSignedIn(house, person);
      const before = new Map(browser.cookies);
      const fields: Record<string, string> =
        path === '/recover'
          ? { reason: 'x'.repeat(600) }
          : path.endsWith('/sms/send')
            ? {}
            : { password: 'x' };
      const page = await browser.call(one, path, fields);
      const name = `${method} ${path}`;
      expect(page.status, name).toBeLessThan(500);
      expect(page.body, name).not.toContain('Quillfeather');
      if (ANSWERING.test(path)) {
        opened.push(name);
        // Nobody can be sent a message who has no phone.
        expect(path.endsWith('/sms/send') ? [404] : [200, 422], name).toContain(page.status);
        continue;
      }
      expect([303, 401, 403, 404], name).toContain(page.status);
      if (page.status === 303) expect(page.location, name).toMatch(/^\/(sign-in|confirm)(\?|$)|^\/$/);
      expect(page.body, name).not.toContain(person.email);
      expect(browser.cookies.get('session'), name).toBeUndefined();
      if (page.status === 303) expect(browser.cookies.get('pending'), name).toBe(before.get('pending'));
    }
    expect(opened.sort()).toEqual([
      'GET /recover',
      'GET /sign-in/factor',
      'POST /recover',
      'POST /sign-in/factor/recovery-code',
      'POST /sign-in/factor/sms',
      'POST /sign-in/factor/sms/send',
      'POST /sign-in/factor/totp',
      'POST /sign-in/factor/webauthn',
    ]);
  });

  test('A10/R30: the pending token is worth nothing as session, bearer, basic password, query or body', async () => {
    const { person, secret } = await planted(house);
    const half = await halfSignedIn(house, person);
    const token = half.cookies.get('pending') as string;
    const state = await securityOf(house, person);
    const carriers: readonly ((browser: Browser, method: string, path: string) => Promise<Page>)[] = [
      (browser, method, path) => {
        for (const name of ['session', 'enrolment', '__Host-session', 'browser', 'trusted'])
          browser.cookies.set(name, token);
        return browser.send(method, path, undefined, { accept: 'application/json' });
      },
      (browser, method, path) =>
        browser.send(method, path, undefined, {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
        }),
      (browser, method, path) => {
        const basic = Buffer.from(`${person.email}:${token}`).toString('base64');
        return browser.send(method, path, undefined, {
          accept: 'application/json',
          authorization: `Basic ${basic}`,
        });
      },
      (browser, method, path) =>
        browser.send(method, `${path}?session=${token}&token=${token}&access_token=${token}`, undefined, {
          accept: 'application/json',
        }),
      (browser, _method, path) => {
        const posted = routes().find((one) => one.path === path && one.method === 'POST');
        const fields = { session: token, token, access_token: token };
        return browser.call({ ...posted, method: 'POST' }, path, fields, { accept: 'application/json' });
      },
    ];
    for (const { method, path } of routes()) {
      if (ANYBODY.test(path)) continue;
      for (const [index, carry] of carriers.entries()) {
        const page = await carry(house.browser(), method, path);
        const name = `carrier ${index} on ${method} ${path}`;
        expect([401, 403, 404, 405], name).toContain(page.status);
        expect(page.headers['set-cookie'], name).toBeUndefined();
        expect(page.body, name).not.toContain(person.email);
      }
    }
    // Neither as a link of any purpose.
    for (const path of [
      '/reset-password',
      '/invitation',
      '/setup',
      '/undo',
      '/not-me',
      '/enrol',
      '/email-change',
    ]) {
      const page = await house.browser().get(`${path}?token=${token}`);
      expect([303, 422], path).toContain(page.status);
    }
    expect(await securityOf(house, person)).toEqual(state);
    expect((await answerTotp(half, appCode(house, secret))).location).toBe('/');
  });

  test('R30/R50: a session token is no pending sign-in, and a stored hash is no token', async () => {
    const { person, browser } = await somebodyProtected(house);
    const other = house.browser();
    other.cookies.set('pending', browser.cookies.get('session') as string);
    expect((await other.get('/sign-in/factor')).location).toBe('/sign-in');
    const { db } = house.app.database;
    const rows = await db.selectFrom('session').selectAll().where('account_id', '=', person.id).execute();
    for (const { token_hash, id } of rows) {
      for (const value of [token_hash, id]) {
        const thief = house.browser();
        thief.cookies.set('session', value);
        expect(await seesAccount(thief)).toBe(false);
      }
    }
  });

  test('R30: the answer to the password carries no session, and the stored token is only a hash', async () => {
    const { person } = await planted(house);
    const browser = house.browser();
    const answer = await enterPassword(browser, person);
    const cookies = [answer.headers['set-cookie'] ?? []].flat();
    expect(cookies.map((line) => line.split('=')[0])).toEqual(['pending']);
    const token = browser.cookies.get('pending') as string;
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const rows = await house.app.database.db
      .selectFrom('pending_sign_in')
      .selectAll()
      .where('account_id', '=', person.id)
      .execute();
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test('A19/R8: nothing of an enrolment opens half signed in, and the live factor goes on', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const state = await securityOf(house, person);
    for (const path of [
      '/account/security',
      '/account/security/totp',
      '/account/security/sms',
      '/account/security/keys',
      '/account/security/recovery-codes',
      '/account/security/disable',
      `/account/security/factors/${'a'.repeat(32)}`,
    ]) {
      const opened = await browser.get(path);
      expect([303, 404], path).toContain(opened.status);
      if (opened.status === 303) expect(opened.location, path).toMatch(/^\/sign-in\?/);
      const posted = await browser.post(path, {
        code: appCode(house, secret),
        password: person.password,
        label: 'x',
      });
      expect([303, 404, 405], path).toContain(posted.status);
      if (posted.status === 303) expect(posted.location, path).toMatch(/^\/sign-in/);
    }
    expect(await countOf(house, 'factor_draft', person)).toBe(0);
    expect(await securityOf(house, person)).toEqual(state);
    expect((await answerTotp(browser, appCode(house, secret))).location).toBe('/');
  });

  test('R56: whether there is a second step is told only after the right password', async () => {
    const { person } = await planted(house);
    const plain = await somebody(house);
    const pages = await Promise.all(
      [person.email, plain.email, 'nobody-at-all@example.org'].map((email) =>
        house.browser().post('/sign-in', { email, password: 'not the password' }),
      ),
    );
    const told = pages.map((page) => settled(page).replace(/[\w.-]+@example\.org/g, ''));
    expect(new Set(told).size).toBe(1);
    expect(textOf(pages[0]?.body ?? '')).not.toMatch(/factor|code/i);
  });

  test('R31: methods are listed without what they hold', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const page = await browser.get('/sign-in/factor');
    expect(page.body).not.toContain(secret);
    expect(page.body).not.toMatch(/[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}/);
    expect(await recordsOf(house, person, 'sign_in.completed')).toHaveLength(0);
  });
});
