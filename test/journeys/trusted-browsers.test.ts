import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY } from '../../src/kit/clock.ts';
import type { Browser } from '../kit/browser.ts';
import { textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addProtectedPerson, appCode, enterPassword, PASSWORD, readEnrolment } from '../kit/people.ts';

describe.each(ENGINES)('a trusted browser, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  /** Ann, protected by an app, and a browser of hers that she trusts. */
  async function annTrusts() {
    const ann = await addProtectedPerson(house);
    house.clock.advance(30_000);
    const browser = house.browser();
    await enterPassword(browser, ann.person);
    await browser.post('/sign-in/factor/totp', { code: appCode(house, ann.secret), trust: 'on' });
    house.clock.advance(30_000);
    return { ...ann, trusted: browser };
  }

  const sessionOf = (accountId: string) =>
    house.app.database.db
      .selectFrom('session')
      .select(['amr', 'acr', 'step_up_at', 'method'])
      .where('account_id', '=', accountId)
      .orderBy('created_at', 'desc')
      .executeTakeFirstOrThrow();

  async function passwordLeadsTo(browser: Browser, email: string, password = PASSWORD): Promise<string> {
    await browser.post('/sign-out');
    return (await browser.post('/sign-in', { email, password })).location;
  }

  test('screen 9: the box is there and not ticked; ticked, the password is enough there for 30 days', async () => {
    const { person, secret } = await addProtectedPerson(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const page = await browser.get('/sign-in/factor');
    expect(textOf(page.body)).toContain("Don't ask again in this browser for 30 days");
    expect(page.body).toMatch(/<input type="checkbox"[^>]*name="trust"(?![^>]*checked)[^>]*>/);
    house.clock.advance(30_000);
    await browser.post('/sign-in/factor/totp', { code: appCode(house, secret), trust: 'on' });
    house.clock.advance(DAY);
    expect(await passwordLeadsTo(browser, person.email)).toBe('/');
    house.clock.advance(29 * DAY);
    expect(await passwordLeadsTo(browser, person.email)).toBe('/sign-in/factor');
  });

  test('contract: signed in so, the session is pwd and no step-up; /confirm asks password and code', async () => {
    const { person, secret, trusted } = await annTrusts();
    await passwordLeadsTo(trusted, person.email);
    expect(await sessionOf(person.id)).toEqual({
      amr: 'pwd',
      acr: 'pwd',
      step_up_at: null,
      method: 'trusted-browser',
    });
    expect((await trusted.get('/account/security/totp')).location).toMatch(/^\/confirm\?/);
    expect((await trusted.post('/confirm', { password: PASSWORD })).location).toBe('/confirm/factor');
    await trusted.post('/confirm/factor/totp', { code: appCode(house, secret), trust: 'on' });
    expect((await sessionOf(person.id)).acr).toBe('mfa');
  });

  test('whoever downloads their data finds it there, and how each session was proven', async () => {
    const { browser } = await annTrusts();
    const data = (await browser.post('/account/export')).json<object>();
    expect(data).toMatchObject({
      sessions: expect.arrayContaining([expect.objectContaining({ amr: ['pwd', 'otp', 'mfa'] })]),
      browsers: {
        trusted: [
          {
            browser: expect.stringContaining('Firefox'),
            network: '127.0.0.1',
            expires_at: new Date(house.clock.now() - 30_000 + 30 * DAY).toISOString(),
          },
        ],
      },
    });
  });

  test('R37: the other browser is asked, and so is this one for another person', async () => {
    const { person, trusted } = await annTrusts();
    expect(await passwordLeadsTo(house.browser(), person.email)).toBe('/sign-in/factor');
    const bob = await addProtectedPerson(house, { email: 'bob@example.org' });
    expect(await passwordLeadsTo(trusted, bob.person.email)).toBe('/sign-in/factor');
    expect(await passwordLeadsTo(trusted, person.email)).toBe('/');
  });

  test('two people of one browser keep their trust side by side', async () => {
    const { person, trusted } = await annTrusts();
    const bob = await addProtectedPerson(house, { email: 'bob@example.org' });
    house.clock.advance(30_000);
    await passwordLeadsTo(trusted, bob.person.email);
    await trusted.post('/sign-in/factor/totp', { code: appCode(house, bob.secret), trust: 'on' });
    expect(await passwordLeadsTo(trusted, person.email)).toBe('/');
    expect(await passwordLeadsTo(trusted, bob.person.email)).toBe('/');
  });

  test('R37: a recovery code trusts nothing, whatever is sent', async () => {
    const { person, codes } = await addProtectedPerson(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    expect((await browser.get('/sign-in/factor?method=recovery-code')).body).not.toContain('name="trust"');
    await browser.post('/sign-in/factor/recovery-code', { code: codes[0] as string, trust: 'on' });
    expect(browser.cookies.has('trusted')).toBe(false);
    expect(await passwordLeadsTo(browser, person.email)).toBe('/sign-in/factor');
  });

  test('it is listed and can be taken back, by its owner alone', async () => {
    const { person, browser, trusted } = await annTrusts();
    const page = await browser.get('/account/security');
    expect(textOf(page.body)).toContain('Trusted browsers');
    const action = /action="(\/account\/security\/trusted-browsers\/[0-9a-f]+\/remove)"/.exec(page.body)?.[1];
    const bob = await addProtectedPerson(house, { email: 'bob@example.org' });
    expect((await bob.browser.post(action as string)).status).toBe(404);
    expect(await passwordLeadsTo(trusted, person.email)).toBe('/');
    const after = await browser.submit(action as string);
    expect(textOf(after.body)).toContain('will be asked for the second step again');
    expect(textOf(after.body)).toContain('None. To trust one');
    expect(await passwordLeadsTo(trusted, person.email)).toBe('/sign-in/factor');
  });

  test.each([
    [
      'password',
      '/account/password',
      { current_password: PASSWORD, new_password: 'nine quiet harbours at dusk' },
    ],
    ['second step', null, {}],
  ] as const)('R37: it ends with a change of the %s', async (_what, path, fields) => {
    const { person, browser, trusted } = await annTrusts();
    if (path === null) {
      const { secret } = readEnrolment((await browser.get('/account/security/totp')).body);
      await browser.post('/account/security/totp', { code: appCode(house, secret) });
    } else await browser.post(path, fields);
    const password = 'new_password' in fields ? fields.new_password : PASSWORD;
    expect(await passwordLeadsTo(trusted, person.email, password)).toBe('/sign-in/factor');
    expect(textOf((await browser.get('/account/security')).body)).toContain('None. To trust one');
  });

  test('R41: turning 2FA off deletes it, and the mail says so; on again, nothing is trusted', async () => {
    const { person, browser } = await annTrusts();
    await browser.post('/account/security/disable', { password: PASSWORD });
    const off = (await house.mails(person.email)).find(({ subject }) => subject.includes('disabled'));
    expect(off?.text).toContain('no browser is trusted any more');
    const rows = await house.app.database.db.selectFrom('trusted_browser').select('id').execute();
    expect(rows).toEqual([]);
  });

  test('R36: a value that a client made up is never adopted', async () => {
    const { person, secret } = await addProtectedPerson(house);
    house.clock.advance(30_000);
    const browser = house.browser();
    const planted = 'x'.repeat(43);
    browser.cookies.set('trusted', planted);
    await enterPassword(browser, person);
    await browser.post('/sign-in/factor/totp', { code: appCode(house, secret), trust: 'on' });
    expect(browser.cookies.get('trusted')).not.toBe(planted);
    const thief = house.browser();
    thief.cookies.set('trusted', planted);
    expect(await passwordLeadsTo(thief, person.email)).toBe('/sign-in/factor');
  });

  test('where administrators forbid it, no box is shown and no trust holds', async () => {
    const { person, secret, trusted } = await annTrusts();
    await house.app.database.db
      .insertInto('policy_value')
      .values({ key: 'trusted_browsers', value: 'forbidden' })
      .execute();
    expect(await passwordLeadsTo(trusted, person.email)).toBe('/sign-in/factor');
    expect((await trusted.get('/sign-in/factor')).body).not.toContain('name="trust"');
    await trusted.post('/sign-in/factor/totp', { code: appCode(house, secret), trust: 'on' });
    expect(await passwordLeadsTo(trusted, person.email)).toBe('/sign-in/factor');
  });
});
