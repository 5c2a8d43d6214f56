import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import {
  addPerson,
  addProtectedPerson,
  appCode,
  enableApp,
  enterPassword,
  isSignedIn,
  PASSWORD,
  readEnrolment,
  signIn,
  stepUp,
} from '../kit/people.ts';

const OLD = 'ann@example.org';
const NEW = 'thief@example.net';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe.each(ENGINES)('a link from a mail takes something back, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  const tokenIn = (path: string) => new URL(path, 'http://x').searchParams.get('token') as string;

  async function changeEmail(browser: Browser, to: string): Promise<void> {
    await browser.post('/account/email', { email: to });
    const token = tokenIn(await house.link(to, '/email-change'));
    expect((await browser.post('/email-change', { token })).status).toBe(303);
  }

  /** Replaces the only app. -> the new secret. */
  async function replaceApp(browser: Browser): Promise<string> {
    const id = /\/account\/security\/factors\/(\w{32})/.exec(
      (await browser.get('/account/security')).body,
    )?.[1];
    const path = `/account/security/totp?replaces=${id}`;
    const page = await browser.get(path);
    const { secret } = readEnrolment(page.body);
    const action = /<form[^>]*action="(\/account\/security\/totp[^"]*)"/.exec(page.body)?.[1] as string;
    const replaces = page.field('replaces');
    const answer = await browser.post(action, {
      code: appCode(house, secret),
      ...(replaces ? { replaces } : {}),
    });
    expect(answer.status).toBe(303);
    house.clock.advance(30_000);
    return secret;
  }

  test('A46: the old address comes back, every session ends, the second step is asked as ever', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    await changeEmail(browser, NEW);
    const link = await house.link(OLD, '/undo');
    const anybody = house.browser();
    for (let opened = 0; opened < 3; opened++) {
      expect(textOf((await anybody.get(link)).body)).toContain(
        `${OLD} will again be the address that you sign in with`,
      );
    }
    expect(await isSignedIn(browser)).toBe(true);

    const done = await anybody.post('/undo', { token: tokenIn(link) });
    expect([done.status, done.location]).toEqual([303, '/sign-in']);
    expect(anybody.cookies.has('session')).toBe(false);
    expect(await isSignedIn(browser)).toBe(false);
    expect((await enterPassword(house.browser(), { ...person, email: NEW })).status).toBe(422);
    const owner = house.browser();
    expect((await enterPassword(owner, person)).location).toBe('/sign-in/factor');
    expect(await isSignedIn(owner)).toBe(false);
    await signIn(house, owner, person, secret);
    expect(await isSignedIn(owner)).toBe(true);
    expect((await anybody.post('/undo', { token: tokenIn(link) })).status).toBe(422);
  });

  test('a thief who changes the address twice does not outrun the owner', async () => {
    const { browser } = await addProtectedPerson(house);
    await changeEmail(browser, NEW);
    const owners = await house.link(OLD, '/undo');
    house.clock.advance(1000);
    await changeEmail(browser, 'thief2@example.net');
    const thiefs = await house.link(NEW, '/undo');
    // The thief's own link brings back the thief's first address, and leaves the owner's link alive.
    expect((await house.browser().post('/undo', { token: tokenIn(thiefs) })).status).toBe(303);
    expect((await house.browser().post('/undo', { token: tokenIn(owners) })).status).toBe(303);
    expect((await enterPassword(house.browser(), { id: '', email: OLD, password: PASSWORD })).location).toBe(
      '/sign-in/factor',
    );
  });

  test('undoing the first change voids the link of the second', async () => {
    const { browser } = await addProtectedPerson(house);
    await changeEmail(browser, NEW);
    const owners = await house.link(OLD, '/undo');
    house.clock.advance(1000);
    await changeEmail(browser, 'thief2@example.net');
    const thiefs = await house.link(NEW, '/undo');
    await house.browser().post('/undo', { token: tokenIn(owners) });
    expect((await house.browser().post('/undo', { token: tokenIn(thiefs) })).status).toBe(422);
  });

  test('of a second step that is not there, or no longer, nobody is told that it stays on', async () => {
    const { browser } = await addProtectedPerson(house);
    await changeEmail(browser, NEW);
    const link = await house.link(OLD, '/undo');
    await browser.post('/account/security/disable', { password: PASSWORD });
    const said = textOf((await house.browser().get(link)).body);
    expect(said).toContain('Two-factor authentication stays as it is');
    expect(said).not.toContain('stays on');
  });

  test('an old address that somebody else has by now stays theirs; after seven days it is too late', async () => {
    const { browser } = await addProtectedPerson(house);
    await changeEmail(browser, NEW);
    const link = await house.link(OLD, '/undo');
    const bob = await addPerson(house, { email: OLD, name: 'Bob' });
    expect((await house.browser().post('/undo', { token: tokenIn(link) })).status).toBe(409);
    expect(await isSignedIn(browser)).toBe(true);
    expect((await enterPassword(house.browser(), bob)).status).toBe(303);
    house.clock.advance(7 * DAY);
    expect((await house.browser().get(link)).status).toBe(422);
  });

  test('the former app comes back in place of the new one, with its codes spent as they were', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    const used = appCode(house, secret);
    await browser.post('/confirm', { password: PASSWORD });
    await browser.post('/confirm/factor/totp', { code: used });
    const fresh = await replaceApp(browser);
    const link = await house.link(OLD, '/undo');
    const page = await house.browser().get(link);
    expect(textOf(page.body)).toContain('will work again, and the new one will stop working');

    expect((await house.browser().post('/undo', { token: tokenIn(link) })).status).toBe(303);
    expect(await isSignedIn(browser)).toBe(false);
    const owner = house.browser();
    await enterPassword(owner, person);
    expect((await owner.post('/sign-in/factor/totp', { code: used })).status).toBe(422);
    expect((await owner.post('/sign-in/factor/totp', { code: appCode(house, fresh) })).status).toBe(422);
    expect((await owner.post('/sign-in/factor/totp', { code: appCode(house, secret) })).status).toBe(303);
    expect(await isSignedIn(owner)).toBe(true);
    expect((await owner.post('/undo', { token: tokenIn(link) })).status).toBe(422);
  });

  test('what replaced the replacement goes too', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    await replaceApp(browser);
    const first = await house.link(OLD, '/undo');
    const second = await replaceApp(browser);
    const later = await house.link(OLD, '/undo');
    expect(later).not.toBe(first);
    expect((await house.browser().post('/undo', { token: tokenIn(first) })).status).toBe(303);
    expect((await house.browser().post('/undo', { token: tokenIn(later) })).status).toBe(422);
    const owner = house.browser();
    await enterPassword(owner, person);
    expect((await owner.post('/sign-in/factor/totp', { code: appCode(house, second) })).status).toBe(422);
    expect((await owner.post('/sign-in/factor/totp', { code: appCode(house, secret) })).status).toBe(303);
  });

  test('a mail turns 2FA neither off nor on', async () => {
    const { browser } = await addProtectedPerson(house);
    await replaceApp(browser);
    const link = await house.link(OLD, '/undo');
    expect((await browser.post('/account/security/disable', { password: PASSWORD })).status).toBe(303);
    expect((await house.browser().post('/undo', { token: tokenIn(link) })).status).toBe(422);
    expect(textOf((await browser.get('/store')).body)).toContain('protected by your password alone');
  });

  test('"This wasn\'t me": opening changes nothing; the button ends the session and stops changes for a day', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    await browser.submit('/account/password', {
      current_password: PASSWORD,
      new_password: 'eager-marble-tulip-93',
    });
    const changed = { ...person, password: 'eager-marble-tulip-93' };
    const link = await house.link(OLD, '/not-me');
    const anybody = house.browser();
    for (let opened = 0; opened < 3; opened++) expect((await anybody.get(link)).status).toBe(200);
    expect(await isSignedIn(browser)).toBe(true);

    const done = await anybody.submit('/not-me', { token: tokenIn(link) });
    expect(textOf(done.body)).toContain('security changes are paused for 24 hours');
    expect(textOf(done.body)).toContain('Choose a new password');
    expect(await isSignedIn(browser)).toBe(false);
    const [told] = await house.mails(OLD);
    expect(told).toMatchObject({ subject: 'Security changes are paused' });
    expect(told?.text).not.toContain('is suspended');
    expect((await anybody.post('/not-me', { token: tokenIn(link) })).status).toBe(422);
    expect((await house.mails(OLD))[0]).toEqual(told);

    const owner = house.browser();
    await signIn(house, owner, changed, secret);
    expect(await isSignedIn(owner)).toBe(true);
    const password = { current_password: changed.password, new_password: 'calm-velvet-otter-17' };
    const paused =
      /password, e-mail address and second step can't be changed here until \d+ \w+ \d{4}, \d\d:\d\d \(UTC\)/;
    expect(textOf((await owner.get('/account/security')).body)).toMatch(paused);
    expect((await owner.post('/account/password', password)).status).toBe(409);
    expect((await owner.post('/account/email', { email: NEW })).status).toBe(409);
    expect((await owner.post('/account/security/disable', { password: changed.password })).status).toBe(409);
    expect((await owner.post('/account/sessions/end-others')).status).toBe(303);
    expect(textOf((await owner.get('/account/activity')).body)).toContain(
      'Security changes paused for 24 hours',
    );

    house.clock.advance(DAY);
    await signIn(house, owner, changed, secret);
    expect(textOf((await owner.get('/account/security')).body)).not.toMatch(paused);
    expect((await owner.post('/account/password', password)).status).toBe(303);
  });

  test('an added factor is suspended where another one remains', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    const second = await enableApp(house, browser);
    const link = await house.link(OLD, '/not-me');
    const done = await house.browser().submit('/not-me', { token: tokenIn(link) });
    expect(textOf(done.body)).toContain('the method that was added is suspended');
    // Whoever pressed it need not be the owner, who hears of it (R74).
    const [told] = await house.mails(OLD);
    expect(told?.subject).toBe('Security changes are paused');
    expect(told?.text).toMatch(/Authenticator app is suspended/);
    const thief = house.browser();
    await enterPassword(thief, person);
    expect((await thief.post('/sign-in/factor/totp', { code: appCode(house, second.secret) })).status).toBe(
      422,
    );
    await signIn(house, thief, person, secret);
    expect(await isSignedIn(thief)).toBe(true);
  });

  test('the only factor is never suspended: a mail locks nobody out and turns nothing off', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    const link = await house.link(OLD, '/not-me');
    const done = await house.browser().submit('/not-me', { token: tokenIn(link) });
    expect(textOf(done.body)).not.toContain('method that was added');
    expect(await isSignedIn(browser)).toBe(false);
    await signIn(house, browser, person, secret);
    expect(await isSignedIn(browser)).toBe(true);
    await stepUp(house, browser, person, secret);
  });

  test('a token of one purpose, a made-up one and none are refused alike', async () => {
    const { browser } = await addProtectedPerson(house);
    await changeEmail(browser, NEW);
    const undo = tokenIn(await house.link(OLD, '/undo'));
    const anybody = house.browser();
    expect((await anybody.post('/not-me', { token: undo })).status).toBe(422);
    for (const path of ['/undo', '/not-me']) {
      for (const token of ['', 'x', 'A'.repeat(43), '../../etc']) {
        expect((await anybody.get(`${path}?token=${encodeURIComponent(token)}`)).status).toBe(422);
        expect((await anybody.post(path, { token })).status).toBe(422);
      }
      expect((await anybody.get(path)).status).toBe(422);
      expect((await anybody.post(path, {})).status).toBe(422);
      expect((await anybody.post(path, { token: undo, return_to: '/x' })).status).toBe(400);
      expect((await anybody.get(`${path}?token=a&token=b`)).status).toBe(422);
    }
    expect((await anybody.post('/undo', { token: undo }, { 'sec-fetch-site': 'cross-site' })).status).toBe(
      403,
    );
    expect((await anybody.post('/undo', { token: undo })).status).toBe(303);
  });
});
