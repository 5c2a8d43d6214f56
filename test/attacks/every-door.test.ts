import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { API_SCOPES } from '../../src/clients/client.ts';
import {
  answerTotp,
  countOf,
  DAY,
  freshCode,
  HOUR,
  halfSignedIn,
  MINUTE,
  planted,
  SECOND,
  securityOf,
  seesAccount,
  somebody,
  somebodyProtected,
  someEmail,
  tokenOf,
  tryCode,
} from '../kit/attack-kit.ts';
import type { Browser, Page } from '../kit/browser.ts';
import { ENGINES, openHouse } from '../kit/house.ts';
import { appCode, enterPassword, type Person, readEnrolment } from '../kit/people.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

const NEXT = 'brisk-teal-heron-77';

describe.each(ENGINES)('every door asks the second step, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);

  const forgot = (email: string, browser: Browser = house.browser()) =>
    browser.post('/forgot-password', { email });

  async function resetToken(person: Person): Promise<string> {
    await forgot(person.email);
    return tokenOf(await house.link(person.email, '/reset-password'));
  }

  /** Signed in by whatever was just done? Every page of a person says no. */
  async function hasNothing(browser: Browser): Promise<void> {
    expect(browser.cookies.get('session')).toBeUndefined();
    expect(await seesAccount(browser)).toBe(false);
  }

  test('A18/A42/R44: a reset link sets the password and nothing else: no session, factors as before, all sessions dead', async () => {
    const { person, browser: old, secret, codes } = await somebodyProtected(house);
    const half = await halfSignedIn(twin, person);
    const factors = await countOf(house, 'factor', person);
    const browser = house.browser();
    const token = await resetToken(person);
    const page = await browser.get(`/reset-password?token=${token}`);
    expect(page.status).toBe(200);
    await hasNothing(browser);
    const done = await browser.post('/reset-password', { token, password: NEXT });
    expect([done.status, done.location]).toEqual([303, '/sign-in']);
    await hasNothing(browser);
    for (const one of [old, half]) expect(await seesAccount(one)).toBe(false);
    expect((await answerTotp(half, appCode(house, secret))).location).toBe('/sign-in');
    expect(await countOf(house, 'factor', person)).toBe(factors);
    const now = { ...person, password: NEXT };
    expect((await enterPassword(browser, now)).location).toBe('/sign-in/factor');
    await hasNothing(browser);
    expect((await browser.post('/sign-in/factor/recovery-code', { code: codes[0] as string })).location).toBe(
      '/',
    );
    expect((await enterPassword(house.browser(), person)).status).toBe(422);
  });

  test('A18: invitation, enrolment, undo, not-me and e-mail links make no session for a protected account', async () => {
    const { person, browser } = await somebodyProtected(house);
    const other = someEmail('moved');
    await browser.post('/account/email', { email: other });
    const change = tokenOf(await house.link(other, '/email-change'));
    const stranger = house.browser();
    expect((await stranger.get(`/email-change?token=${change}`)).location).toMatch(/^\/sign-in/);
    expect((await stranger.post('/email-change', { token: change })).location).toMatch(/^\/sign-in/);
    await hasNothing(stranger);
    expect((await browser.post('/email-change', { token: change })).status).toBe(303);
    const moved = { ...person, email: other };
    for (const [to, path] of [
      [person.email, '/not-me'],
      [person.email, '/undo'],
    ] as const) {
      const token = tokenOf(await house.link(to, path));
      const visitor = house.browser();
      await visitor.get(`${path}?token=${token}`);
      await hasNothing(visitor);
      expect((await visitor.post(path, { token })).status).toBe(303);
      await hasNothing(visitor);
    }
    expect((await enterPassword(house.browser(), person)).location).toBe('/sign-in/factor');
    expect((await enterPassword(house.browser(), moved)).status).toBe(422);
    // Tokens of one kind open no door of another.
    const reset = await resetToken(person);
    for (const path of ['/invitation', '/setup', '/enrol', '/undo', '/not-me', '/email-change']) {
      const visitor = house.browser();
      const answer = await visitor.post(path, {
        token: reset,
        name: 'X',
        email: 'x@example.org',
        password: NEXT,
      });
      expect([303, 400, 422], path).toContain(answer.status);
      if (answer.status === 303) expect(answer.location, path).toMatch(/^\/sign-in/);
      await hasNothing(visitor);
    }
  });

  test('A18: signing up with the address of a protected account gives neither account nor session', async () => {
    const { person } = await planted(house);
    const browser = house.browser();
    const answer = await browser.post('/sign-up', { name: 'Mallory', email: person.email.toUpperCase() });
    expect([answer.status, answer.location]).toEqual([303, '/check-email']);
    const mails = await house.mails(person.email);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).not.toContain('/invitation');
    expect(mails[0]?.text).not.toContain('Mallory');
    await hasNothing(browser);
  });

  test('A18: a browser that signed in fully before is asked all the same', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    await browser.post('/sign-out');
    expect(browser.cookies.has('browser')).toBe(true);
    expect((await enterPassword(browser, person)).location).toBe('/sign-in/factor');
    await hasNothing(browser);
    for (const trust of ['1', 'true', 'ON']) {
      const next = await halfSignedIn(house, person);
      next.cookies.set('trusted', browser.cookies.get('browser') as string);
      await next.post('/sign-in/factor/totp', { code: freshCode(house, secret), trust });
      await next.post('/sign-out');
      expect((await enterPassword(next, person)).location).toBe('/sign-in/factor');
    }
  });

  test('A18/R42: an administrator without a factor gets no session from the password, a reset or an enrolment link', async () => {
    const person = await somebody(house, { roles: 'admin' });
    const thief = house.browser();
    expect((await enterPassword(thief, person)).location).toBe('/account/security');
    await hasNothing(thief);
    // The password alone shows no secret and binds nothing.
    expect((await thief.get('/account/security/totp')).location).toBe('/account/security');
    expect((await thief.post('/account/security/totp', { code: '123456' })).location).toBe(
      '/account/security',
    );
    expect(await countOf(house, 'factor_draft', person)).toBe(0);
    for (const path of [
      '/',
      '/account',
      '/account/password',
      '/account/email',
      '/account/sessions',
      '/account/activity',
      '/confirm',
    ]) {
      const page = await thief.get(path);
      expect([page.status, page.location], path).toEqual([303, '/account/security']);
      const json = await thief.get(path, { accept: 'application/json' });
      expect([json.status, json.json<{ code: string }>().code], path).toEqual([403, 'two_factor_required']);
    }
    // The owner opens the mailed link in a browser of their own: the thief's gains nothing by that.
    const owner = house.browser();
    await enterPassword(owner, person);
    const token = tokenOf(await house.link(person.email, '/enrol'));
    await owner.get(`/enrol?token=${token}`);
    await owner.post('/enrol', { token });
    expect((await thief.get('/account/security/totp')).location).toBe('/account/security');
    expect((await thief.post('/enrol', { token })).status).toBe(422);
    const shown = readEnrolment((await owner.get('/account/security/totp')).body);
    expect((await owner.post('/account/security/totp', { code: appCode(house, shown.secret) })).status).toBe(
      303,
    );
    expect(await seesAccount(owner)).toBe(true);
    expect((await thief.get('/account/security')).location).toMatch(/^\/sign-in/);
    await hasNothing(thief);
  });

  test('A18: the enrolment pass is no session and no pending sign-in, and ends with its half hour', async () => {
    const person = await somebody(house, { roles: 'admin' });
    const browser = house.browser();
    await enterPassword(browser, person);
    const token = browser.cookies.get('enrolment') as string;
    for (const name of ['session', 'pending', 'trusted', 'browser']) {
      const other = house.browser();
      other.cookies.set(name, token);
      await expect(seesAccount(other)).resolves.toBe(false);
      expect((await other.get('/sign-in/factor')).location).toMatch(/^\/sign-in/);
    }
    house.clock.advance(30 * MINUTE);
    expect((await browser.get('/account/security')).location).toMatch(/^\/sign-in/);
  });

  test('R43: a reset link works once, for half an hour, the newest only, and opening it spends nothing', async () => {
    const person = await somebody(house);
    const first = await resetToken(person);
    const second = await resetToken(person);
    expect(second).not.toBe(first);
    expect(Buffer.from(second, 'base64url')).toHaveLength(32);
    const scanner = house.browser();
    expect((await scanner.get(`/reset-password?token=${first}`)).status).toBe(422);
    for (let n = 0; n < 3; n++) {
      expect((await scanner.get(`/reset-password?token=${second}`)).status).toBe(200);
      expect((await scanner.send('HEAD', `/reset-password?token=${second}`, undefined, {})).status).toBe(200);
    }
    expect((await scanner.post('/reset-password', { token: second, password: 'short' })).status).toBe(422);
    const tries = await Promise.all(
      [house, twin, house, twin].map((at, n) =>
        at.browser().post('/reset-password', { token: second, password: `${NEXT}${n}` }),
      ),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual([303, 422, 422, 422]);
    expect((await scanner.post('/reset-password', { token: second, password: NEXT })).status).toBe(422);
    const working = [0, 1, 2, 3].map((n) =>
      enterPassword(house.browser(), { ...person, password: `${NEXT}${n}` }),
    );
    expect((await Promise.all(working)).filter(({ location }) => location === '/')).toHaveLength(1);

    const late = await somebody(house);
    const expired = await resetToken(late);
    house.clock.advance(30 * MINUTE);
    expect((await scanner.post('/reset-password', { token: expired, password: NEXT })).status).toBe(422);
    expect((await enterPassword(house.browser(), late)).location).toBe('/');
  });

  test('R45: no reset goes to an address that was never proven, nor to somebody suspended', async () => {
    const unproven = await somebody(house, { proven: false });
    const suspended = await somebody(house);
    const { db } = house.app.database;
    await db.updateTable('account').set({ suspended_at: 1 }).where('id', '=', suspended.id).execute();
    for (const { email } of [unproven, suspended]) {
      expect((await forgot(email)).location).toBe('/check-email');
      expect((await house.mails(email)).filter(({ text }) => text.includes('/reset-password'))).toEqual([]);
    }
  });

  test('R43/A42: a change of security in between voids the link', async () => {
    const { person, browser } = await somebodyProtected(house);
    const token = await resetToken(person);
    expect((await browser.post('/account/security/disable', { password: person.password })).status).toBe(303);
    expect((await house.browser().post('/reset-password', { token, password: NEXT })).status).toBe(422);
  });

  test('A43: of an address that is a list, an array, a header or a trick nobody gets mail, and the victim at most one', async () => {
    const victim = await somebody(house);
    const v = victim.email;
    const x = 'evil@attacker.example';
    const enc = encodeURIComponent;
    const bodies = [
      `email[]=${enc(v)}&email[]=${enc(x)}`,
      `email=${enc(v)}&email=${enc(x)}`,
      `email=${enc(`${v},${x}`)}`,
      `email=${enc(`${v} ${x}`)}`,
      `email=${enc(`${v};${x}`)}`,
      `email=${enc(`${v}\r\nBcc: ${x}`)}`,
      `email=${enc(`${v}\nBcc: ${x}`)}`,
      `email=${enc(v)}%00${enc(x)}`,
      `email=${enc(`${v}\u0000`)}`,
      `email=${enc(`"${v}" <${x}>`)}`,
      `email=${enc(`<${x}>${v}`)}`,
      `email=${enc(`${x}#@${v.split('@')[1]}`)}`,
      `email=${enc(`${v}@attacker.example`)}`,
      `email=${enc(v.replace('@', '＠'))}`,
      `email=${enc(v.replace('@', '﹫'))}`,
      `email[address]=${enc(v)}`,
      `email=${enc(JSON.stringify([v, x]))}`,
      `email=${enc(JSON.stringify({ email: v }))}`,
      `email=${enc(`${v}%0aBcc:${x}`)}`,
      `email=${enc(`${v}\u2028${x}`)}`,
      `email=${'a'.repeat(300)}@example.org`,
      'email=',
      '',
    ];
    for (const path of ['/forgot-password', '/sign-up']) {
      for (const body of bodies) {
        const full = path === '/sign-up' ? `${body}&name=Somebody` : body;
        const form = 'application/x-www-form-urlencoded';
        const answer = await house.browser().send('POST', path, full, { 'content-type': form });
        const name = `${path} ${body.slice(0, 80)}`;
        expect([303, 400, 422], name).toContain(answer.status);
        if (answer.status === 303) expect(answer.location, name).toBe('/check-email');
      }
      const json = await house
        .browser()
        .send('POST', path, JSON.stringify({ email: [v, x] }), { 'content-type': 'application/json' });
      expect(json.status).toBe(415);
    }
    const mails = await house.mails();
    expect(mails.filter(({ to }) => to.includes('attacker'))).toEqual([]);
    expect(mails.filter(({ to }) => to === v).length).toBeLessThanOrEqual(1);
    for (const mail of mails) expect(mail.to).not.toMatch(/[\r\n,;\s]/);
  });

  test('A44/R45: links carry the configured host, whatever the request says', async () => {
    const person = await somebody(house);
    const poisons: Record<string, string>[] = [
      { host: 'evil.example' },
      { host: 'localhost:3000@evil.example' },
      { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-port': '1' },
      { forwarded: 'for=1.2.3.4;host=evil.example;proto=https' },
      { 'x-original-url': 'http://evil.example/', 'x-host': 'evil.example', 'x-rewrite-url': '/setup' },
      { origin: 'http://localhost:3000', referer: 'http://evil.example/' },
    ];
    for (const headers of poisons) {
      const answer = await house.browser().post('/forgot-password', { email: person.email }, headers);
      expect([303, 400, 403]).toContain(answer.status);
      expect(answer.location).not.toContain('evil');
      const page = await house.browser().get('/forgot-password', headers);
      expect(page.body).not.toContain('evil.example');
    }
    const absolute = await house
      .browser()
      .post('http://evil.example/forgot-password', { email: person.email });
    expect(absolute.status).toBeLessThan(500);
    for (const { text, html } of await house.mails(person.email)) {
      expect(text + html).not.toContain('evil');
      for (const [url] of text.matchAll(/https?:\/\/\S+/g)) expect(url).toMatch(/^http:\/\/localhost:3000\//);
    }
  });

  test('A46/R48: while a change is pending, resets go to the proven address only; the undo link brings it back', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const thief = someEmail('thief');
    await browser.post('/account/email', { email: thief });
    await forgot(thief);
    const before = await house.mails(thief);
    expect(before.every(({ text }) => !text.includes('/reset-password'))).toBe(true);
    const early = await resetToken(person);
    const token = tokenOf(await house.link(thief, '/email-change'));
    expect((await browser.post('/email-change', { token })).status).toBe(303);
    // The reset link of before the change is dead, and the old address gets no new one.
    expect((await house.browser().post('/reset-password', { token: early, password: NEXT })).status).toBe(
      422,
    );
    const old = (await house.mails(person.email)).length;
    await forgot(person.email);
    expect((await house.mails(person.email)).length).toBe(old);
    const stolen = { ...person, email: thief };
    expect((await enterPassword(house.browser(), stolen)).location).toBe('/sign-in/factor');

    house.clock.advance(7 * DAY - HOUR);
    const undo = tokenOf(await house.link(person.email, '/undo'));
    const owner = house.browser();
    expect((await owner.post('/undo', { token: undo })).location).toBe('/sign-in');
    expect(await seesAccount(browser)).toBe(false);
    await hasNothing(owner);
    expect((await enterPassword(owner, person)).location).toBe('/sign-in/factor');
    expect((await answerTotp(owner, freshCode(house, secret))).location).toBe('/');
    expect((await enterPassword(house.browser(), stolen)).status).toBe(422);
    expect((await house.browser().post('/undo', { token: undo })).status).toBe(422);
  });

  test('A46: two people who confirm the same address at once: one gets it', async () => {
    const [ann, bob] = [await somebodyProtected(house), await somebodyProtected(house)];
    const wanted = someEmail('wanted');
    await ann.browser.post('/account/email', { email: wanted });
    const annsToken = tokenOf(await house.link(wanted, '/email-change'));
    await bob.browser.post('/account/email', { email: wanted });
    const bobsToken = tokenOf(await house.link(wanted, '/email-change'));
    expect(annsToken).not.toBe(bobsToken);
    const answers = await Promise.all([
      ann.browser.post('/email-change', { token: annsToken }),
      bob.browser.post('/email-change', { token: bobsToken }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    const { db } = house.app.database;
    const owners = await db
      .selectFrom('email_address')
      .select('account_id')
      .where('address', '=', wanted)
      .execute();
    expect(owners).toHaveLength(1);
  });

  test('R47: whoever set up an account on an unproven address loses all of it when the owner proves it', async () => {
    const email = someEmail('hijacked');
    const thief = await somebody(house, { email, proven: false, password: 'thief-amber-lynx-55' });
    const thiefsBrowser = house.browser();
    await enterPassword(thiefsBrowser, thief);
    expect(await seesAccount(thiefsBrowser)).toBe(true);
    await house.browser().post('/sign-up', { name: 'The Owner', email });
    const token = tokenOf(await house.link(email, '/invitation'));
    const owner = house.browser();
    const done = await owner.post('/invitation', { token, name: 'The Owner', password: NEXT });
    expect([done.status, done.location]).toEqual([303, '/sign-in']);
    await hasNothing(owner);
    expect(await seesAccount(thiefsBrowser)).toBe(false);
    expect((await enterPassword(house.browser(), thief)).status).toBe(422);
    const { db } = house.app.database;
    expect(await countOf(house, 'known_browser', thief)).toBe(0);
    const links = await db
      .selectFrom('link')
      .selectAll()
      .where('account_id', '=', thief.id)
      .where('used_at', 'is', null)
      .execute();
    expect(links).toEqual([]);
    expect((await enterPassword(house.browser(), { ...thief, password: NEXT })).location).toBe('/');
    expect(
      (await house.browser().post('/invitation', { token, name: 'Again', password: 'other-amber-lynx-9' }))
        .status,
    ).toBe(422);
  });

  test('R47: an account is made when the mail is opened, so nobody can plant a name or password', async () => {
    const email = someEmail('later');
    await house.browser().post('/sign-up', { name: 'Mallory', email });
    expect((await enterPassword(house.browser(), { id: '', email, password: NEXT })).status).toBe(422);
    const { db } = house.app.database;
    expect(await db.selectFrom('email_address').selectAll().where('address', '=', email).execute()).toEqual(
      [],
    );
    const refused = await house.browser().post('/sign-up', { name: 'M', email, password: NEXT });
    expect(refused.status).toBe(400);
    const token = tokenOf(await house.link(email, '/invitation'));
    const both = await Promise.all(
      [house, twin].map((at, n) =>
        at.browser().post('/invitation', { token, name: `N${n}`, password: `${NEXT}${n}` }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([303, 422]);
    expect(
      await db.selectFrom('email_address').selectAll().where('address', '=', email).execute(),
    ).toHaveLength(1);
  });

  test('R49: a domain with a label that no name server knows, longer than 63, is no address', async () => {
    for (const [length, status] of [
      [63, 303],
      [64, 422],
    ] as const) {
      const email = `${someEmail('long').split('@')[0]}@${'x'.repeat(length)}.org`;
      expect([(await house.browser().post('/forgot-password', { email })).status, length]).toEqual([
        status,
        length,
      ]);
    }
  });

  test('R49: addresses are normalised before anything is compared', async () => {
    const person = await somebody(house, { email: someEmail('finn') });
    const spellings = [
      person.email.toUpperCase(),
      ` ${person.email} `,
      person.email.replace('example.org', 'EXAMPLE.ORG.'),
      person.email.replace('finn', 'ｆｉｎｎ'),
      person.email.replace('fi', 'ﬁ'),
      person.email.replace('example', 'ｅｘａｍｐｌｅ'),
      person.email.replace('.org', '。org'),
    ];
    for (const email of spellings) {
      const answer = await enterPassword(house.browser(), { ...person, email });
      expect([answer.location, email]).toEqual(['/', email]);
    }
    for (const email of [
      person.email.replace('@', '＠'),
      person.email.replace('@', '@@'),
      `x${person.email}`,
    ]) {
      expect((await enterPassword(house.browser(), { ...person, email })).status).toBe(422);
    }
    const { db } = house.app.database;
    const browser = house.browser();
    for (const email of spellings) await browser.post('/sign-up', { name: 'Twice', email });
    await house.mails();
    const links = await db
      .selectFrom('link')
      .selectAll()
      .where('purpose', '=', 'invitation')
      .where('account_id', 'is', null)
      .execute();
    expect(links.filter(({ address }) => /finn/i.test(address ?? ''))).toEqual([]);
  });

  test('set-up: the links of two instances make one administrator, are spent, and no way in later', async () => {
    const fresh = await openHouse({ engine });
    try {
      const { setUpLink } = await import('../../src/sign-in/set-up-link.ts');
      const first = tokenOf((await setUpLink(fresh.app.deps)) ?? '');
      const second = tokenOf((await setUpLink(fresh.app.deps)) ?? '');
      const form = { name: 'Boss', email: 'boss@example.org', password: NEXT };
      const tries: Page[] = await Promise.all(
        [first, second, first, second].map((token, n) =>
          fresh.browser().post('/setup', { ...form, token, email: `boss${n}@example.org` }),
        ),
      );
      expect(tries.map(({ status }) => status).sort()).toEqual([303, 422, 422, 422]);
      for (const token of [first, second])
        expect((await fresh.browser().post('/setup', { ...form, token })).status).toBe(422);
      expect(await setUpLink(fresh.app.deps)).toBeNull();
      const accounts = await fresh.app.database.db.selectFrom('account').selectAll().execute();
      expect(accounts.map(({ roles }) => roles)).toEqual(['admin']);
      expect(await fresh.app.database.db.selectFrom('session').selectAll().execute()).toEqual([]);
    } finally {
      await fresh.close();
    }
  });

  test('R59/A8: a right code after a reset, and the person is in: nothing is left behind', async () => {
    const { person, secret } = await planted(house);
    const token = await resetToken(person);
    await house.browser().post('/reset-password', { token, password: NEXT });
    house.clock.advance(30 * SECOND);
    expect((await tryCode(house, { ...person, password: NEXT }, appCode(house, secret))).location).toBe('/');
    expect(await securityOf(house, person)).toMatchObject({ factors: [{ label: 'Authenticator app' }] });
  });
});

describe('R29/R31: one function makes sessions, and every route says who may call it', () => {
  const source = fileURLToPath(new URL('../../src/', import.meta.url));
  const files = readdirSync(source, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => ({ name: name.replaceAll('\\', '/'), text: readFileSync(source + name, 'utf8') }));

  const using = (pattern: RegExp) => files.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

  test('R29: insertSession is named by its own file and by sessions/complete.ts alone', () => {
    expect(using(/\binsertSession\b/).sort()).toEqual(['sessions/complete.ts', 'sessions/store.ts']);
  });

  test('R29: nobody else writes the table of sessions', () => {
    expect(using(/insertInto\('session'\)|insert into session\b/i)).toEqual(['sessions/store.ts']);
    expect(using(/updateTable\('session'\)/)).toEqual(['sessions/store.ts']);
    // R67: whoever deletes one tells its apps.
    const ending = using(/deleteFrom\('session'\)/);
    expect(ending.sort()).toEqual(['sessions/end-here.ts', 'sessions/store.ts', 'upkeep/purge.ts']);
  });

  test('R29: completeSignIn has few call sites: the password alone or in a trusted browser, an answer, a passkey, a first enrolment', () => {
    const calls = files
      .filter(({ name }) => name !== 'sessions/complete.ts')
      .flatMap(({ name, text }) => [...text.matchAll(/completeSignIn\(/g)].map(() => name));
    expect(calls.sort()).toEqual([
      'factors/switch-on.ts',
      'sign-in/answer-factor.ts',
      'sign-in/check-password.ts',
      'sign-in/check-password.ts',
      'sign-in/passkey.ts',
    ]);
  });

  test('R29: only three places give out a cookie of the name session', () => {
    const giving = using(/name: 'session', value: (?!null)/);
    expect(giving.sort()).toEqual(['sessions/complete.ts', 'sessions/step-up.ts']);
  });

  test('R30: pending sign-ins are begun by the password step alone', () => {
    expect(using(/\bbeginPending\b/).sort()).toEqual(['sessions/pending.ts', 'sign-in/check-password.ts']);
  });

  test('R31: every route has a level, and every path of the server is one of the table', async () => {
    const house = await openHouse();
    try {
      const known = [
        'everyone',
        'anyone',
        'newcomer',
        'pending',
        'signed-in',
        'stepped-up',
        'security-page',
        'may-enrol',
        'enrolling',
        'administrator',
        'stepped-up-administrator',
        'publisher',
        'stepped-up-publisher',
        ...API_SCOPES.map((scope) => `bearer ${scope}`),
      ];
      for (const { path, level } of house.app.routes) expect(known, path).toContain(level.name);
      const printed = house.app.server.printRoutes({ commonPrefix: false });
      expect(printed.split('\n').filter((line) => line.includes('(')).length).toBeGreaterThan(20);
      const open = house.app.routes
        .filter(({ method, level }) => method === 'POST' && level.name === 'everyone')
        .map(({ path }) => path);
      expect(open.sort()).toEqual([
        '/forgot-password',
        '/forward-auth/sign-out',
        '/invitation',
        '/not-me',
        '/oidc/authorize',
        '/oidc/introspect',
        '/oidc/logout',
        '/oidc/revoke',
        '/oidc/token',
        '/oidc/userinfo',
        '/recover/cancel',
        '/reset-password',
        '/setup',
        '/sign-in',
        '/sign-in/passkey',
        '/sign-out',
        '/sign-up',
        '/temporary-pass',
        '/undo',
      ]);
    } finally {
      await house.close();
    }
  });

  test('R31: a route without a level stops the start', async () => {
    const { default: Fastify } = await import('fastify');
    const { mountRoutes } = await import('../../src/web/router.ts');
    const { html } = await import('../../src/kit/html.ts');
    const house = await openHouse();
    try {
      const { clock, random, log } = house.app.deps;
      const options = {
        baseUrl: 'http://localhost',
        secure: false,
        clock,
        random,
        log,
        errorPage: () => html`x`,
      };
      const server = Fastify();
      mountRoutes(server, [], options);
      expect(() => server.get('/bare', async () => 'open')).toThrow(/declares no level/);
      const careless = { method: 'GET', path: '/careless', handle: async () => ({}) } as never;
      expect(() => mountRoutes(Fastify(), [careless], options)).toThrow();
    } finally {
      await house.close();
    }
  });

  test('R85: no route of tests, metrics or debugging is there', async () => {
    const house = await openHouse();
    try {
      for (const path of [
        '/metrics',
        '/debug',
        '/test',
        '/__test',
        '/documentation',
        '/docs',
        '/.env',
        '/.git/config',
        '/data/keys.json',
        '/keys.json',
        '/assets/../data/keys.json',
        '/assets/..%2f..%2fpackage.json',
        '/assets/%2e%2e/package.json',
        '/api',
        '/graphql',
      ]) {
        expect((await house.browser().get(path)).status, path).toBe(404);
      }
    } finally {
      await house.close();
    }
  });
});
