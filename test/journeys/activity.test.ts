import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addProtectedPerson, enterPassword, signIn, stepUp } from '../kit/people.ts';

/** The sentences of the page, newest first. */
async function linesOf(browser: Browser, path = '/account/activity'): Promise<string[]> {
  const { body } = await browser.get(path);
  return [...body.matchAll(/<div class="title">(.*?)<\/div>/gs)].map(([, title = '']) => textOf(title));
}

describe.each(ENGINES)('the activity of an account, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  test('a sign-in and a confirmation are one line each; a wrong code has its own', async () => {
    const { person, browser, secret, codes } = await addProtectedPerson(house);
    house.clock.advance(11 * 60_000);
    await stepUp(house, browser, person, secret);
    await signIn(house, house.browser(), person, secret);
    const other = house.browser();
    await enterPassword(other, person);
    await other.post('/sign-in/factor/totp', { code: '000000' });
    await enterPassword(other, person);
    await other.post('/sign-in/factor/recovery-code', { code: codes[0] as string });
    expect(await linesOf(browser)).toEqual([
      'Signed in with password and recovery code (9 left)',
      'Second step refused: authenticator app',
      'Password accepted',
      'Signed in with password and one-time code',
      'Confirmed that it is you: password and one-time code',
      'Two-factor authentication turned on: authenticator app',
      'Signed in with password',
    ]);
  });

  test('pages lose and double nothing, wherever their edge falls in a sign-in', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    const one = house.browser();
    for (let count = 0; count < 27; count++) {
      // A line of one record now and then, so that the edges fall differently.
      if (count % 5 === 0) await enterPassword(house.browser(), { ...person, password: 'not the password' });
      await signIn(house, one, person, secret);
    }
    const first = await browser.get('/account/activity');
    const older = /href="(\/account\/activity\?before=\d+)"/.exec(first.body)?.[1] as string;
    const lines = await linesOf(browser);
    const rest = await linesOf(browser, older);
    expect(lines).toHaveLength(25);
    const count = (sentence: string) =>
      [...lines, ...rest].filter((line) => line.startsWith(sentence)).length;
    expect(count('Signed in with password and one-time code')).toBe(27);
    expect(count('Sign-in with a wrong password')).toBe(6);
    expect(count('Password accepted') + count('Second step accepted')).toBe(0);
  });
});
