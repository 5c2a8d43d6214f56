import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { textOf } from '../kit/browser.ts';
import { ENGINES, exceptSignIns, type House, openHouse } from '../kit/house.ts';
import { addPerson, addProtectedPerson, enterPassword, isSignedIn, PASSWORD, signIn } from '../kit/people.ts';

const NEXT = 'eager-marble-tulip-93';
const MINUTE = 60_000;

describe.each(ENGINES)('a person changes their password, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  const change = (current_password: string, new_password: string) => ({ current_password, new_password });

  test('R5: the old one stops working, every other session and half-finished sign-in ends, this one goes on with a new token', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    const other = house.browser();
    await signIn(house, other, person, secret);
    const half = house.browser();
    await enterPassword(half, person);
    const before = browser.cookies.get('session');

    const done = await browser.submit('/account/password', change(PASSWORD, NEXT));
    expect(textOf(done.body)).toContain('Your password was changed. You are signed out everywhere else.');
    expect(browser.cookies.get('session')).not.toBe(before);
    expect(await isSignedIn(browser)).toBe(true);
    expect(await isSignedIn(other)).toBe(false);
    expect((await half.get('/sign-in/factor')).location).toBe('/sign-in');

    const thief = house.browser();
    thief.cookies.set('session', before as string);
    expect(await isSignedIn(thief)).toBe(false);
    expect((await enterPassword(house.browser(), person)).status).toBe(422);
    const again = house.browser();
    await signIn(house, again, { ...person, password: NEXT }, secret);
    expect(await isSignedIn(again)).toBe(true);
  });

  test('R74: a mail tells of it, with a way to say that it was somebody else', async () => {
    const { person, browser } = await addProtectedPerson(house);
    await browser.submit('/account/password', change(PASSWORD, NEXT));
    const [mail] = await house.mails(person.email);
    expect(mail?.subject).toBe('Your password was changed');
    expect(mail?.text).toContain('/not-me?token=');
  });

  test('a wrong current password is told beside its field, counted, and changes nothing', async () => {
    const person = await addPerson(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    for (let wrong = 0; wrong < 10; wrong++) {
      const page = await browser.post('/account/password', change('not-my-password-at-all', NEXT));
      expect(page.status).toBe(422);
      expect(page.body).toMatch(/id="f-current_password-error"/);
      expect(page.body).not.toContain(NEXT);
    }
    const held = await browser.post('/account/password', change(PASSWORD, NEXT));
    expect(held.status).toBe(429);
    expect(Number(held.headers['retry-after'])).toBeGreaterThan(0);
    expect(exceptSignIns(await house.mails(person.email))).toEqual([]);
  });

  test('R2: a bad new one is refused with the reason, and costs no try', async () => {
    const person = await addPerson(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const reasons: [string, string][] = [
      ['short', 'at least 12'],
      ['123456789012', 'everybody tries first'],
      ['ann@example.org', 'your name, your address'],
      [PASSWORD, 'different from the one you have'],
    ];
    for (const [next, reason] of [...reasons, ...reasons, ...reasons]) {
      const page = await browser.post('/account/password', change(PASSWORD, next));
      expect([next, page.status]).toEqual([next, 422]);
      expect(textOf(page.body)).toContain(reason);
    }
    expect((await browser.post('/account/password', change(PASSWORD, NEXT))).status).toBe(303);
  });

  test('R1: 1,025 bytes are refused with 400, and nothing is cut', async () => {
    const person = await addPerson(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const long = 'correct horse battery staple '.repeat(40);
    expect((await browser.post('/account/password', change(PASSWORD, long.slice(0, 1025)))).status).toBe(400);
    expect((await browser.post('/account/password', change(PASSWORD, 'x'.repeat(20_000)))).status).toBe(400);
    expect((await browser.post('/account/password', change(PASSWORD, long.slice(0, 1024)))).status).toBe(303);
    const other = house.browser();
    expect((await enterPassword(other, { ...person, password: long.slice(0, 1023) })).status).toBe(422);
    expect((await enterPassword(other, { ...person, password: long.slice(0, 1024) })).status).toBe(303);
  });

  test('a stale step-up is asked for again; the change itself does not make it younger', async () => {
    const { browser } = await addProtectedPerson(house);
    house.clock.advance(9 * MINUTE);
    expect((await browser.post('/account/password', change(PASSWORD, NEXT))).status).toBe(303);
    house.clock.advance(2 * MINUTE);
    const answer = await browser.post('/account/password', change(NEXT, 'calm-velvet-otter-17'));
    expect([answer.status, answer.location]).toEqual([303, '/confirm?return_to=%2Faccount%2Fpassword']);
    expect((await browser.get('/account/password')).location).toBe(
      '/confirm?return_to=%2Faccount%2Fpassword',
    );
  });

  test('of two changes at the same time one wins', async () => {
    const { browser } = await addProtectedPerson(house);
    const answers = await Promise.all(
      ['eager-marble-tulip-93', 'calm-velvet-otter-17'].map((next) =>
        browser.post('/account/password', change(PASSWORD, next)),
      ),
    );
    // The loser meets a changed account, or a session whose token has changed already.
    const lost = answers.filter(({ status, location }) => status === 409 || location.startsWith('/sign-in'));
    expect(lost).toHaveLength(1);
    expect(answers.filter((answer) => !lost.includes(answer)).map(({ status }) => status)).toEqual([303]);
  });
});
