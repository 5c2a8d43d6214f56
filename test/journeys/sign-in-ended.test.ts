import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import {
  addPerson,
  addProtectedPerson,
  appCode,
  enterPassword,
  PASSWORD,
  type Person,
} from '../kit/people.ts';

const MINUTE = 60_000;
const ENDED = 'This sign-in has ended. Start again with your password.';

describe.each(ENGINES)('who is led back to the password is told why, on %s', (engine) => {
  let house: House;
  let browser: Browser;
  let secret: string;
  let person: Person;
  beforeEach(async () => {
    house = await openHouse({ engine });
    const protectedPerson = await addProtectedPerson(house);
    secret = protectedPerson.secret;
    person = protectedPerson.person;
    browser = house.browser();
    await enterPassword(browser, protectedPerson.person);
  });
  afterEach(() => house.close());

  test('after ten minutes, with the right code in hand', async () => {
    house.clock.advance(10 * MINUTE);
    const answer = await browser.post('/sign-in/factor/totp', { code: appCode(house, secret) });
    expect([answer.status, answer.location]).toEqual([303, '/sign-in']);
    expect(browser.cookies.has('session')).toBe(false);
    expect(textOf((await browser.get('/sign-in')).body)).toContain(ENDED);
    expect(textOf((await browser.get('/sign-in')).body)).not.toContain(ENDED);
  });

  test('after five wrong codes', async () => {
    for (let count = 0; count < 5; count++)
      expect((await browser.post('/sign-in/factor/totp', { code: '000000' })).status).toBe(422);
    const next = await browser.get('/sign-in/factor');
    expect([next.status, next.location]).toEqual([303, '/sign-in']);
    const page = await browser.get('/sign-in');
    expect(textOf(page.body)).toContain(ENDED);
    expect(page.body).toMatch(/class="notice info" role="status" id="told"/);
    expect(page.body).toMatch(/<input[^>]*name="email"[^>]*aria-describedby="told".* autofocus/);
  });

  test('and comes to what the sign-in was for all the same', async () => {
    for (const end of [
      async () => void house.clock.advance(10 * MINUTE),
      async () => {
        for (let count = 0; count < 5; count++)
          await browser.post('/sign-in/factor/totp', { code: '000000' });
      },
    ]) {
      await browser.post('/sign-in', {
        email: person.email,
        password: PASSWORD,
        return_to: '/account/activity',
      });
      await end();
      const next = await browser.post('/sign-in/factor/totp', { code: appCode(house, secret) });
      expect([next.status, next.location]).toEqual([303, '/sign-in?return_to=%2Faccount%2Factivity']);
    }
  });

  test('but not when the code was sent twice and the first one signed in', async () => {
    const form = { code: appCode(house, secret) };
    const before = [...browser.cookies];
    expect((await browser.post('/sign-in/factor/totp', form)).location).toBe('/');
    const session = browser.cookies.get('session') as string;
    for (const [name, value] of before) browser.cookies.set(name, value);
    const second = await browser.post('/sign-in/factor/totp', form);
    expect(second.location).toBe('/sign-in');
    browser.cookies.set('session', session);
    expect((await browser.get('/sign-in')).location).toBe('/');
    expect(browser.cookies.has('notice')).toBe(false);
  });

  test('but who never began one is not', async () => {
    const stranger = house.browser();
    expect((await stranger.get('/sign-in/factor')).location).toBe('/sign-in');
    expect(stranger.cookies.size).toBe(0);
    expect(textOf((await stranger.get('/sign-in')).body)).not.toContain(ENDED);
  });
});

describe.each(ENGINES)('whose session has ended in the middle of a form, on %s', (engine) => {
  let house: House;
  let browser: Browser;
  beforeEach(async () => {
    house = await openHouse({ engine });
    browser = house.browser();
    await enterPassword(browser, await addPerson(house));
  });
  afterEach(() => house.close());

  test('is told so, once, and never who had none', async () => {
    house.clock.advance(31 * MINUTE);
    const sent = await browser.post('/account', { name: 'New Name' });
    expect([sent.status, sent.location]).toEqual([303, '/sign-in?return_to=%2Faccount']);
    const page = await browser.get(sent.location as string);
    expect(textOf(page.body)).toContain('Your session has ended.');
    expect(page.body).toMatch(/class="notice info" role="status"/);
    expect(textOf((await browser.get('/sign-in')).body)).not.toContain('has ended');
    const stranger = house.browser();
    expect((await stranger.post('/account', { name: 'New Name' })).status).toBe(303);
    expect(stranger.cookies.size).toBe(0);
  });

  test('is not told that nothing was changed where the same form, sent twice, has changed something', async () => {
    const before = [...browser.cookies];
    const form = { current_password: PASSWORD, new_password: 'other-granite-otter-77' };
    expect((await browser.post('/account/password', form)).status).toBe(303);
    browser.cookies.clear();
    for (const [name, value] of before) browser.cookies.set(name, value);
    const second = await browser.post('/account/password', form);
    const said = textOf((await browser.get(second.location as string)).body);
    expect(said).toContain('Your session has ended.');
    expect(said).not.toContain('Nothing was changed');
    expect(said).toContain('may not have been saved');
  });

  test('comes from the password that confirms to what it was for', async () => {
    house.clock.advance(31 * MINUTE);
    const fields = { password: PASSWORD, return_to: '/account/security/keys' };
    expect((await browser.post('/confirm', fields)).location).toBe(
      '/sign-in?return_to=%2Faccount%2Fsecurity%2Fkeys',
    );
    const elsewhere = { ...fields, return_to: 'https://evil.example/' };
    expect((await browser.post('/confirm', elsewhere)).location).toBe('/sign-in');
  });
});
