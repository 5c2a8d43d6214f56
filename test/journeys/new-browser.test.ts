import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addProtectedPerson, appCode, isSignedIn, signIn } from '../kit/people.ts';

const SUBJECT = 'New sign-in to Countersign';

describe.each(ENGINES)('a sign-in from a new browser, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  const told = async (to: string) => (await house.mails(to)).filter(({ subject }) => subject === SUBJECT);

  test('is told by mail, once for each browser', async () => {
    const { person, secret } = await addProtectedPerson(house);
    const before = (await told(person.email)).length;
    const browser = house.browser();
    await signIn(house, browser, person, secret);
    expect(await told(person.email)).toHaveLength(before + 1);
    await browser.post('/sign-out');
    await signIn(house, browser, person, secret);
    expect(await told(person.email)).toHaveLength(before + 1);
  });

  test('the password alone, or a wrong code, is no sign-in', async () => {
    const { person } = await addProtectedPerson(house);
    const before = (await told(person.email)).length;
    const browser = house.browser();
    await browser.post('/sign-in', { email: person.email, password: person.password });
    await browser.post('/sign-in/factor/totp', { code: '000000' });
    expect(await told(person.email)).toHaveLength(before);
  });

  test('its button ends that session and no other', async () => {
    const { person, browser: own, secret } = await addProtectedPerson(house);
    const thief = house.browser();
    house.clock.advance(30_000);
    await thief.post('/sign-in', { email: person.email, password: person.password });
    await thief.post('/sign-in/factor/totp', { code: appCode(house, secret) });
    expect(await isSignedIn(thief)).toBe(true);
    const owner = house.browser();
    const page = await owner.get(await house.link(person.email, '/not-me'));
    expect(await isSignedIn(thief)).toBe(true);
    await owner.post('/not-me', { token: page.field('token') });
    expect(await isSignedIn(thief)).toBe(false);
    expect(await isSignedIn(own)).toBe(true);
  });
});
