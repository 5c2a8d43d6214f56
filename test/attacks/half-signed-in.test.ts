import { describe, expect, test } from 'vitest';
import { tokenHash } from '../../src/kit/encoding.ts';
import {
  answerRecovery,
  answerTotp,
  countOf,
  freshCode,
  halfSignedIn,
  MINUTE,
  planted,
  recordsOf,
  SECOND,
  securityOf,
  seesAccount,
  settled,
  somebody,
  somebodyProtected,
  tryCode,
  wrongCode,
} from '../kit/attack-kit.ts';
import { type Browser, type Page, textOf } from '../kit/browser.ts';
import { ENGINES, type House } from '../kit/house.ts';
import { appCode, enterPassword, isSignedIn } from '../kit/people.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

const FORM = 'application/x-www-form-urlencoded';

describe.each(ENGINES)('half signed in, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);

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

  const ANSWERS: readonly [name: string, body: string][] = [
    ['missing', 'other=1'],
    ['an empty POST', ''],
    ['empty', 'code='],
    ['null', 'code=null'],
    ['an empty array', 'code[]='],
    ['an object', 'code[a]=1'],
    ['the text of an empty array', 'code=%5B%5D'],
    ['the text of an object', 'code=%7B%7D'],
    ['true', 'code=true'],
    ['zero', 'code=0'],
    ['spaces', 'code=%20%20%20%20%20%20'],
    ['full-width digits', `code=${encodeURIComponent('０００００１')}`],
    ['Arabic digits', `code=${encodeURIComponent('٠٠٠٠٠١')}`],
    ['1e5', 'code=1e5000'],
    ['hexadecimal', 'code=0x0000'],
    ['a sign', 'code=-00000'],
    ['a point', 'code=00000.'],
    ['a NUL', 'code=00000%00'],
    ['a line break', 'code=000000%0A'],
    ['seven digits', 'code=0000000'],
    ['over-long', `code=${'0'.repeat(5_000)}`],
    ['a pattern', 'code=%25'],
    ['SQL', `code=${encodeURIComponent("' or 1=1 --")}`],
    ['broken percent', 'code=%zz%'],
    ['bytes that are not UTF-8', 'code=%ff'],
    ['__proto__', '__proto__[code]=1&constructor=2'],
  ];

  test.each(ANSWERS)('A12/R34: %s is a wrong answer: one try, no session', async (_name, body) => {
    const { person } = await planted(house);
    const browser = await halfSignedIn(house, person);
    for (const path of ['/sign-in/factor/totp', '/sign-in/factor/recovery-code']) {
      const before = (await attemptsOf(person)) as number;
      const page = await browser.send('POST', path, body, { 'content-type': FORM });
      expect([400, 401, 422]).toContain(page.status);
      expect(await attemptsOf(person)).toBe(before + 1);
    }
    expect(await countOf(house, 'session', person)).toBe(0);
  });

  async function attemptsOf({ id }: { id: string }): Promise<number | undefined> {
    const { db } = house.app.database;
    const row = await db
      .selectFrom('pending_sign_in')
      .select('attempts')
      .where('account_id', '=', id)
      .executeTakeFirst();
    return row?.attempts;
  }

  test('A12: a thousand codes at once, the right one among them, check nothing', async () => {
    const { person, secret, codes } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const right = appCode(house, secret);
    const many = (name: string, code: string) =>
      [
        ...Array.from({ length: 999 }, (_, n) => `${name}=${String(n).padStart(6, '0')}`),
        `${name}=${code}`,
      ].join('&');
    const bodies: [string, string][] = [
      ['/sign-in/factor/totp', many('code', right)],
      ['/sign-in/factor/totp', many('code[]', right)],
      ['/sign-in/factor/totp', `code=${right}&code=${right}`],
      ['/sign-in/factor/recovery-code', `code=${codes[0]}&code=${codes[0]}`],
    ];
    for (const [path, body] of bodies) {
      const page = await browser.send('POST', path, body, { 'content-type': FORM });
      expect([400, 413, 422]).toContain(page.status);
      expect(await seesAccount(browser)).toBe(false);
    }
    // And a code in the query is not an answer.
    const query = await browser.post(`/sign-in/factor/totp?code=${right}`, '');
    expect([422, 303]).toContain(query.status);
    expect(await countOf(house, 'session', person)).toBe(0);
    expect((await tryCode(house, person, right)).location).toBe('/');
  });

  test('A12: ten megabytes are refused with 413 and cost no try; JSON, text and files with 415', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const post = (body: string, type: string) =>
      browser.send('POST', '/sign-in/factor/totp', body, { 'content-type': type });
    expect((await post(`code=${'0'.repeat(10_000_000)}`, FORM)).status).toBe(413);
    const right = appCode(house, secret);
    for (const [body, type] of [
      [JSON.stringify({ code: right }), 'application/json'],
      [JSON.stringify([right]), 'application/json; charset=utf-8'],
      ['{"code":', 'application/json'],
      [`code=${right}`, 'text/plain'],
      [
        `--b\r\nContent-Disposition: form-data; name="code"\r\n\r\n${right}\r\n--b--`,
        'multipart/form-data; boundary=b',
      ],
      [`<code>${right}</code>`, 'application/xml'],
      [`code=${right}`, 'nonsense'],
    ] as const) {
      expect((await post(body, type)).status, type).toBe(415);
    }
    expect(await attemptsOf(person)).toBe(0);
    expect((await answerTotp(browser, right)).location).toBe('/');
  });

  test('A14/R32: another browser cannot answer, and nobody can answer with what belongs to another', async () => {
    const ann = await planted(house);
    const bob = await planted(house);
    const annsBrowser = await halfSignedIn(house, ann.person);
    const stranger = house.browser();
    const code = appCode(house, ann.secret);
    expect((await answerTotp(stranger, code)).location).toBe('/sign-in');
    const bobsBrowser = await halfSignedIn(house, bob.person);
    expect((await answerTotp(bobsBrowser, code)).status).toBe(422);
    expect((await answerRecovery(bobsBrowser, ann.codes[2] as string)).status).toBe(422);
    expect((await answerTotp(annsBrowser, appCode(house, bob.secret))).status).toBe(422);
    expect((await answerRecovery(annsBrowser, bob.codes[1] as string)).status).toBe(422);
    for (const browser of [stranger, annsBrowser, bobsBrowser])
      expect(await seesAccount(browser)).toBe(false);
    // Everything is still good for its owner.
    expect((await answerTotp(annsBrowser, code)).location).toBe('/');
    expect((await answerRecovery(bobsBrowser, bob.codes[1] as string)).location).toBe('/');
    expect(
      (await answerRecovery(await halfSignedIn(house, ann.person), ann.codes[2] as string)).location,
    ).toBe('/');
  });

  test('A15/R36: no value that a client brings is adopted; every step gives a new token and the old one is dead', async () => {
    const { person, secret } = await planted(house);
    const planted_ = {
      session: 'A'.repeat(43),
      pending: 'B'.repeat(43),
      browser: 'C'.repeat(43),
      enrolment: 'D'.repeat(43),
      trusted: 'E'.repeat(43),
      csrf: 'F'.repeat(43),
    };
    const browser = house.browser();
    for (const [name, value] of Object.entries(planted_)) browser.cookies.set(name, value);
    await enterPassword(browser, person);
    const pending = browser.cookies.get('pending');
    expect(pending).not.toBe(planted_.pending);
    await answerTotp(browser, appCode(house, secret));
    const session = browser.cookies.get('session') as string;
    expect(Object.values(planted_)).not.toContain(session);
    expect(session).not.toBe(pending);
    expect(browser.cookies.get('browser')).not.toBe(planted_.browser);
    expect(browser.cookies.has('pending')).toBe(false);

    const with_ = async (at: House, name: string, value: string) => {
      const thief = at.browser();
      thief.cookies.set(name, value);
      return thief;
    };
    for (const at of [house, twin]) {
      for (const value of [...Object.values(planted_), pending as string]) {
        expect(await seesAccount(await with_(at, 'session', value))).toBe(false);
      }
      const spent = await with_(at, 'pending', pending as string);
      expect((await spent.get('/sign-in/factor')).location).toBe('/sign-in');
      expect((await answerTotp(spent, freshCode(house, secret))).location).toBe('/sign-in');
    }

    // A step-up is a rise as well.
    await browser.submit('/confirm', { password: person.password });
    expect((await browser.post('/confirm/factor/totp', { code: freshCode(house, secret) })).status).toBe(303);
    const raised = browser.cookies.get('session') as string;
    expect(raised).not.toBe(session);
    for (const at of [house, twin])
      expect(await seesAccount(await with_(at, 'session', session))).toBe(false);
    expect(await seesAccount(await with_(twin, 'session', raised))).toBe(true);

    // Signing in anew in this browser ends what was open in it.
    await enterPassword(browser, person);
    expect((await answerTotp(browser, freshCode(house, secret))).location).toBe('/');
    expect(await seesAccount(await with_(twin, 'session', raised))).toBe(false);
  });

  test('R36: a known-browser token of somebody else that was planted here stays theirs', async () => {
    const { browser: mallory } = await somebodyProtected(house);
    const planted_ = mallory.cookies.get('browser') as string;
    const { person, secret } = await planted(house);
    const victim = house.browser();
    victim.cookies.set('browser', planted_);
    await enterPassword(victim, person);
    await answerTotp(victim, appCode(house, secret));
    const { db } = house.app.database;
    const known = await db
      .selectFrom('known_browser')
      .selectAll()
      .where('account_id', '=', person.id)
      .execute();
    expect(known).toHaveLength(1);
    // Whoever planted it must not own a password budget of the victim's.
    expect(victim.cookies.get('browser')).not.toBe(planted_);
  });

  test('R59: one token, sent again and again by somebody who shares the browser, makes no row after row', async () => {
    const rowsOf = (column: 'account_id' | 'token_hash', value: string) =>
      house.app.database.db.selectFrom('known_browser').selectAll().where(column, '=', value).execute();
    const [ann, bob] = [await somebody(house), await somebody(house)];
    const shared = house.browser();
    await enterPassword(shared, ann);
    const token = shared.cookies.get('browser') as string;
    let newest = token;
    for (let n = 0; n < 6; n++) {
      house.clock.advance(SECOND);
      const browser = house.browser();
      browser.cookies.set('browser', token);
      await enterPassword(browser, bob);
      newest = browser.cookies.get('browser') as string;
    }
    const known = (await rowsOf('account_id', ann.id)).map(({ token_hash }) => token_hash);
    expect(known.sort()).toEqual([tokenHash(token), tokenHash(newest)].sort());

    // A hall's browser remembers the last twenty before whoever signs in.
    const hall = house.browser();
    for (let n = 0; n < 23; n++) {
      house.clock.advance(SECOND);
      await enterPassword(hall, await somebody(house));
    }
    expect(await rowsOf('token_hash', tokenHash(hall.cookies.get('browser') as string))).toHaveLength(21);
  });

  test('R36: a cookie sent twice is ambiguous and counts as none', async () => {
    const { browser } = await somebodyProtected(house);
    const session = browser.cookies.get('session') as string;
    const fresh = house.browser();
    const page = await fresh.get('/account', {
      cookie: `session=${session}; session=${session}`,
      accept: 'application/json',
    });
    expect(page.status).toBe(401);
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

  test('R33: a sign-in that has ended leads back to the password, whatever is posted', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const token = browser.cookies.get('pending') as string;
    house.clock.advance(10 * MINUTE);
    expect((await browser.get('/sign-in/factor')).location).toBe('/sign-in');
    expect((await answerTotp(browser, appCode(house, secret))).location).toBe('/sign-in');
    expect(await seesAccount(browser)).toBe(false);
    const cancelled = await halfSignedIn(house, person);
    const other = house.browser();
    other.cookies.set('pending', cancelled.cookies.get('pending') as string);
    expect((await cancelled.post('/sign-in/cancel')).location).toBe('/sign-in');
    expect((await answerTotp(other, appCode(house, secret))).location).toBe('/sign-in');
    const signedOut = await halfSignedIn(house, person);
    other.cookies.set('pending', signedOut.cookies.get('pending') as string);
    await signedOut.post('/sign-out');
    expect((await answerTotp(other, appCode(house, secret))).location).toBe('/sign-in');
    other.cookies.set('pending', token);
    expect((await other.get('/sign-in/factor?method=recovery-code')).location).toBe('/sign-in');
    expect((await tryCode(house, person, appCode(house, secret))).location).toBe('/');
  });

  test('R33: the ten minutes are absolute: looking and answering wrong does not lengthen them', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    for (let n = 0; n < 3; n++) {
      house.clock.advance(3 * MINUTE + 19 * SECOND);
      expect((await browser.get('/sign-in/factor')).status).toBe(200);
      expect((await answerTotp(browser, wrongCode(house, secret, n))).status).toBe(422);
    }
    house.clock.advance(3 * SECOND);
    expect((await answerTotp(browser, appCode(house, secret))).location).toBe('/sign-in');
  });

  test('R33: one sign-in makes one session', async () => {
    const { person, codes, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const pending = browser.cookies.get('pending') as string;
    await answerTotp(browser, appCode(house, secret));
    const again = house.browser();
    again.cookies.set('pending', pending);
    expect((await answerRecovery(again, codes[0] as string)).location).toBe('/sign-in');
    expect(await countOf(house, 'session', person)).toBe(1);
    expect((await answerRecovery(await halfSignedIn(house, person), codes[0] as string)).location).toBe('/');
  });

  test.each([
    ['the password', { password_hash: 'x' }],
    ['the roles', { roles: 'publisher' }],
    ['a suspension', { suspended_at: 1 }],
    ['the address', { email: 'other@example.org' }],
  ] as const)('R35: when %s changes in between, the sign-in starts again', async (_what, change) => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const { db } = house.app.database;
    await db
      .updateTable('account')
      .set((eb) => ({ ...change, security_version: eb('security_version', '+', 1) }))
      .where('id', '=', person.id)
      .execute();
    expect((await answerTotp(browser, appCode(house, secret))).location).toBe('/sign-in');
    expect(await countOf(house, 'session', person)).toBe(0);
  });

  test('R35: when 2FA is switched on in between, a password alone makes no session, and open ones end', async () => {
    const person = await somebody(house);
    const [enabling, other] = [house.browser(), house.browser()];
    await enterPassword(enabling, person);
    await enterPassword(other, person);
    const key = /data-text="([A-Z2-7]{32})"/.exec(
      (await enabling.get('/account/security/totp')).body,
    )?.[1] as string;
    expect((await enabling.post('/account/security/totp', { code: appCode(house, key) })).status).toBe(303);
    expect(await seesAccount(other)).toBe(false);
    const racing = await Promise.all(Array.from({ length: 4 }, () => enterPassword(house.browser(), person)));
    for (const { location } of racing) expect(location).toBe('/sign-in/factor');
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

  test('contract: at least a hundred pending sign-ins may be open on an account', async () => {
    const { person, secret } = await planted(house);
    const browsers: Browser[] = [];
    for (let n = 0; n < 100; n++) browsers.push(await halfSignedIn(house, person));
    expect((await answerTotp(browsers[0] as Browser, appCode(house, secret))).location).toBe('/');
    house.clock.advance(30 * SECOND);
    expect((await answerTotp(browsers[99] as Browser, appCode(house, secret))).location).toBe('/');
    expect(await isSignedIn(browsers[99] as Browser)).toBe(true);
  });
});

describe('R33: PENDING_MAX=3s', () => {
  const house = sharedHouse({ env: { PENDING_MAX: '3s' } });

  test('R33: after three seconds a reload and the right code lead back to the password', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    expect((await browser.get('/sign-in/factor')).status).toBe(200);
    house.clock.advance(3 * SECOND);
    expect((await browser.get('/sign-in/factor')).location).toBe('/sign-in');
    expect((await answerTotp(browser, appCode(house, secret))).location).toBe('/sign-in');
    expect(await seesAccount(browser)).toBe(false);
    const next = await halfSignedIn(house, person);
    expect((await answerTotp(next, appCode(house, secret))).location).toBe('/');
  });
});
