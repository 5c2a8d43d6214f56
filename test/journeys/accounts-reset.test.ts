import { beforeEach, describe, expect, test } from 'vitest';
import { MINUTE } from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import {
  addPerson,
  addProtectedPerson,
  enterPassword,
  isSignedIn,
  NEXT_PASSWORD,
  signIn,
} from '../kit/people.ts';
import { reset, resetLink } from '../kit/reset-kit.ts';
import { freshHouse } from '../kit/shared-house.ts';

describe.each(ENGINES)('a forgotten password, on %s', (engine) => {
  const house = freshHouse({ engine });
  let browser: Browser;
  beforeEach(() => {
    browser = house.browser();
  });

  test('asking, opening the mail, choosing a new one, signing in', async () => {
    const person = await addPerson(house);
    expect(textOf((await browser.get('/forgot-password')).body)).toContain('Forgot your password?');
    expect(textOf((await browser.submit('/forgot-password', { email: person.email })).body)).toContain(
      'Check your mail',
    );
    const link = await house.link(person.email, '/reset-password');
    expect(textOf((await browser.get(link)).body)).toContain('Choose a new password For ann@example.org.');

    const answer = await reset(browser, link);
    expect([answer.status, answer.location]).toEqual([303, '/sign-in']);
    expect(await isSignedIn(browser)).toBe(false);
    expect(textOf((await browser.get('/sign-in')).body)).toContain(
      'Your password was changed. Sign in with the new one.',
    );
    expect((await enterPassword(browser, person)).status).toBe(422);
    expect((await enterPassword(browser, { ...person, password: NEXT_PASSWORD })).location).toBe('/');

    const [, notice] = await house.mails(person.email);
    expect(notice?.subject).toBe('Your password was changed');
    expect(notice?.text).toContain('/not-me?token=');
    const events = await house.app.database.db.selectFrom('audit_event').select('event').execute();
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['password.reset_requested', 'password.reset']),
    );
  });

  test('A42: it signs nobody in, ends every session and half-finished sign-in, and leaves the factors alone', async () => {
    const { person, browser: mine, secret } = await addProtectedPerson(house);
    const half = house.browser();
    await enterPassword(half, person);
    const { db } = house.app.database;
    const factors = await db.selectFrom('factor').selectAll().execute();
    const codes = await db.selectFrom('recovery_code').selectAll().execute();

    expect((await reset(browser, await resetLink(house, person.email, browser))).location).toBe('/sign-in');
    expect(await isSignedIn(mine)).toBe(false);
    expect((await half.get('/sign-in/factor')).location).toMatch(/^\/sign-in/);
    expect(browser.cookies.has('session')).toBe(false);
    expect(await db.selectFrom('factor').selectAll().execute()).toEqual(factors);
    expect(await db.selectFrom('recovery_code').selectAll().execute()).toEqual(codes);

    const renewed = { ...person, password: NEXT_PASSWORD };
    expect((await enterPassword(browser, renewed)).location).toBe('/sign-in/factor');
    expect(await isSignedIn(browser)).toBe(false);
    expect((await signIn(house, browser, renewed, secret)).location).toBe('/');
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('opening the link spends nothing (R43)', async () => {
    const person = await addPerson(house);
    const link = await resetLink(house, person.email, browser);
    for (let count = 0; count < 3; count++) expect((await house.browser().get(link)).status).toBe(200);
    expect((await browser.send('HEAD', link, undefined, {})).status).toBe(200);
    expect((await reset(browser, link)).status).toBe(303);
  });

  test('it works once (R43)', async () => {
    const person = await addPerson(house);
    const link = await resetLink(house, person.email, browser);
    await reset(browser, link);
    for (const answer of [await browser.get(link), await reset(browser, link, 'bramble-kiosk-tuba-3')]) {
      expect(answer.status).toBe(422);
      expect(textOf(answer.body)).toContain('This link has been used already');
    }
    expect((await enterPassword(browser, { ...person, password: NEXT_PASSWORD })).location).toBe('/');
  });

  test('of twenty who use it at once on two instances, one wins', async () => {
    const person = await addPerson(house);
    const link = await resetLink(house, person.email, browser);
    const twin = await house.twin();
    const passwords = Array.from({ length: 20 }, (_, index) => `amber-quilt-penguin-${index}`);
    const answers = await Promise.all(
      passwords.map((password, index) => reset((index % 2 ? twin : house).browser(), link, password)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(19).fill(422)]);
    const winner = passwords[answers.findIndex(({ status }) => status === 303)] as string;
    expect((await enterPassword(browser, { ...person, password: winner })).location).toBe('/');
    const notices = (await house.mails(person.email)).filter(
      ({ subject }) => subject === 'Your password was changed',
    );
    expect(notices.length).toBe(1);
  });

  test('a newer one voids the older, thirty minutes void it, and so does any security change', async () => {
    const person = await addPerson(house);
    const older = await resetLink(house, person.email, browser);
    house.clock.advance(MINUTE);
    const newer = await resetLink(house, person.email, browser);
    expect(newer).not.toBe(older);
    expect((await reset(browser, older)).status).toBe(422);
    house.clock.advance(30 * MINUTE - 1);
    expect((await browser.get(newer)).status).toBe(200);
    house.clock.advance(1);
    expect((await browser.get(newer)).status).toBe(422);
    expect((await reset(browser, newer)).status).toBe(422);

    const stale = await resetLink(house, person.email, browser);
    await house.app.database.db.updateTable('account').set({ security_version: 9 }).execute();
    expect((await browser.get(stale)).status).toBe(422);
    expect((await reset(browser, stale)).status).toBe(422);
    expect((await enterPassword(browser, person)).location).toBe('/');
  });

  test('A8: it ends a hold on typed codes and refills nothing; wrong passwords before it are forgotten', async () => {
    const { person, browser: mine } = await addProtectedPerson(house);
    const { db } = house.app.database;
    const held = {
      account_id: person.id,
      block: 3,
      run: 40,
      holds: 2,
      hold_until_at: house.clock.now() + 60 * MINUTE,
    };
    await db
      .insertInto('guess_budget')
      .values({ ...held, reserved_at: null, closed_at: null, relieved_at: null })
      .execute();
    for (let count = 0; count < 11; count++)
      await enterPassword(browser, { ...person, password: 'wrong wrong wrong' });
    expect((await enterPassword(browser, person)).status).toBe(429);

    await reset(mine, await resetLink(house, person.email, browser));
    expect((await enterPassword(browser, { ...person, password: NEXT_PASSWORD })).location).toBe(
      '/sign-in/factor',
    );
    const budget = await db.selectFrom('guess_budget').selectAll().executeTakeFirstOrThrow();
    expect(budget).toMatchObject({
      block: 3,
      run: 40,
      holds: 2,
      hold_until_at: null,
      relieved_at: house.clock.now(),
    });
    // The browser that signed in fully before stays known (R59).
    expect(mine.cookies.has('browser')).toBe(true);
    expect((await db.selectFrom('known_browser').select('account_id').execute()).length).toBe(1);
  });
});
