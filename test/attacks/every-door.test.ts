import { describe, expect, test } from 'vitest';
import {
  answerTotp,
  countOf,
  freshCode,
  halfSignedIn,
  hasNothing,
  MINUTE,
  planted,
  seesAccount,
  somebody,
  somebodyProtected,
  someEmail,
  tokenOf,
} from '../kit/attack-kit.ts';
import type { Page } from '../kit/browser.ts';
import { ENGINES, openHouse } from '../kit/house.ts';
import { appCode, enterPassword, NEXT_PASSWORD, readEnrolment } from '../kit/people.ts';
import { resetToken } from '../kit/reset-kit.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

describe.each(ENGINES)('every door asks the second step, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);

  test('A18/A42/R44: a reset link sets the password and nothing else: no session, factors as before, all sessions dead', async () => {
    const { person, browser: old, secret, codes } = await somebodyProtected(house);
    const half = await halfSignedIn(twin, person);
    const factors = await countOf(house, 'factor', person);
    const browser = house.browser();
    const token = await resetToken(house, person.email);
    const page = await browser.get(`/reset-password?token=${token}`);
    expect(page.status).toBe(200);
    await hasNothing(browser);
    const done = await browser.post('/reset-password', { token, password: NEXT_PASSWORD });
    expect([done.status, done.location]).toEqual([303, '/sign-in']);
    await hasNothing(browser);
    for (const one of [old, half]) expect(await seesAccount(one)).toBe(false);
    expect((await answerTotp(half, appCode(house, secret))).location).toBe('/sign-in');
    expect(await countOf(house, 'factor', person)).toBe(factors);
    const now = { ...person, password: NEXT_PASSWORD };
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
    const reset = await resetToken(house, person.email);
    for (const path of ['/invitation', '/setup', '/enrol', '/undo', '/not-me', '/email-change']) {
      const visitor = house.browser();
      const answer = await visitor.post(path, {
        token: reset,
        name: 'X',
        email: 'x@example.org',
        password: NEXT_PASSWORD,
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

  test('set-up: the links of two instances make one administrator, are spent, and no way in later', async () => {
    const fresh = await openHouse({ engine });
    try {
      const { setUpLink } = await import('../../src/sign-in/set-up-link.ts');
      const first = tokenOf((await setUpLink(fresh.app.deps)) ?? '');
      const second = tokenOf((await setUpLink(fresh.app.deps)) ?? '');
      const form = { name: 'Boss', email: 'boss@example.org', password: NEXT_PASSWORD };
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
});
