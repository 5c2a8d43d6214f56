import { describe, expect, test } from 'vitest';
import { answerTotp, halfSignedIn, planted, somebody, tokenOf } from '../kit/attack-kit.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, enterPassword, isSignedIn, type Person } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

/** Links and cookies of somebody who is not in yet: whose they are, of which account, and until when (R31, R32, R35). */
describe.each(ENGINES)('before the door, on %s', (engine) => {
  const house = sharedHouse({ engine });

  const enrolling = async () => {
    const person = await somebody(house, { roles: 'admin' });
    const browser = house.browser();
    await enterPassword(browser, person);
    return { person, browser, token: tokenOf(await house.link(person.email, '/enrol')) };
  };

  const isProven = async (person: Person) => {
    const { db } = house.app.database;
    const passes = await db
      .selectFrom('enrolment_pass')
      .select('proven_at')
      .where('account_id', '=', person.id)
      .execute();
    return passes.some(({ proven_at }) => proven_at !== null);
  };

  test('R8/R47: a link proves the browser of its own account, and no other', async () => {
    const ann = await enrolling();
    const bob = await enrolling();
    const crossed = await bob.browser.post('/enrol', { token: ann.token });
    expect(crossed.body).toContain('Open this link in the browser in which you signed in.');
    expect([await isProven(ann.person), await isProven(bob.person)]).toEqual([false, false]);
    expect((await ann.browser.post('/enrol', { token: ann.token })).status).toBe(303);
    expect([await isProven(ann.person), await isProven(bob.person)]).toEqual([true, false]);
  });

  test('R35: a link of the account as it was proves nothing any more', async () => {
    const { person, browser, token } = await enrolling();
    const { db } = house.app.database;
    // The pass goes with the account, so that only the link is old.
    for (const table of ['account', 'enrolment_pass'] as const)
      await db
        .updateTable(table)
        .set((eb) => ({ security_version: eb('security_version', '+', 1) }))
        .where(table === 'account' ? 'account.id' : 'enrolment_pass.account_id', '=', person.id)
        .execute();
    expect(await isSignedIn(browser)).toBe(true);
    expect((await browser.post('/enrol', { token })).status).toBeGreaterThanOrEqual(400);
    expect(await isProven(person)).toBe(false);
  });

  test('R50/R31: signing out half-way ends it on the server, for whoever has copied the cookie', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const thief = house.browser();
    thief.cookies.set('pending', browser.cookies.get('pending') as string);
    await browser.post('/sign-out');
    expect((await answerTotp(thief, appCode(house, secret))).location).toMatch(/^\/sign-in/);
    expect(thief.cookies.has('session')).toBe(false);
    // The code was not even looked at.
    const again = await halfSignedIn(house, person);
    expect((await answerTotp(again, appCode(house, secret))).location).toBe('/');
  });

  test('R44: whoever has set a new password holds nothing of a sign-in any more', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    await house.browser().post('/forgot-password', { email: person.email });
    const token = tokenOf(await house.link(person.email, '/reset-password'));
    const answer = await browser.post('/reset-password', { token, password: 'another-calm-otter-77' });
    const cleared = [answer.headers['set-cookie'] ?? []].flat().filter((cookie) => /Max-Age=0/i.test(cookie));
    expect(cleared.map((cookie) => cookie.split('=')[0]).toSorted()).toEqual([
      'enrolment',
      'pending',
      'session',
    ]);
    expect(await isSignedIn(browser)).toBe(false);
  });
});
