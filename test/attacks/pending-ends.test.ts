import { describe, expect, test } from 'vitest';
import {
  answerRecovery,
  answerTotp,
  countOf,
  halfSignedIn,
  MINUTE,
  planted,
  SECOND,
  seesAccount,
  somebody,
  tryCode,
  wrongCode,
} from '../kit/attack-kit.ts';
import type { Browser } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, enterPassword, isSignedIn } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

describe.each(ENGINES)('half signed in, on %s', (engine) => {
  const house = sharedHouse({ engine });

  test('R33: a sign-in that has ended leads back to the password, whatever is posted', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const token = browser.cookies.get('pending') as string;
    house.clock.advance(10 * MINUTE);
    expect((await browser.get('/sign-in/factor')).location).toBe('/sign-in');
    expect((await answerTotp(browser, appCode(house, secret))).location).toBe('/sign-in');
    expect(await seesAccount(browser)).toBe(false);
    const cancelled = await halfSignedIn(house, person);
    const other = house.browser();
    other.cookies.set('pending', cancelled.cookies.get('pending') as string);
    expect((await cancelled.post('/sign-in/cancel')).location).toBe('/sign-in');
    expect((await answerTotp(other, appCode(house, secret))).location).toBe('/sign-in');
    const signedOut = await halfSignedIn(house, person);
    other.cookies.set('pending', signedOut.cookies.get('pending') as string);
    await signedOut.post('/sign-out');
    expect((await answerTotp(other, appCode(house, secret))).location).toBe('/sign-in');
    other.cookies.set('pending', token);
    expect((await other.get('/sign-in/factor?method=recovery-code')).location).toBe('/sign-in');
    expect((await tryCode(house, person, appCode(house, secret))).location).toBe('/');
  });

  test('R33: the ten minutes are absolute: looking and answering wrong does not lengthen them', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    for (let n = 0; n < 3; n++) {
      house.clock.advance(3 * MINUTE + 19 * SECOND);
      expect((await browser.get('/sign-in/factor')).status).toBe(200);
      expect((await answerTotp(browser, wrongCode(house, secret, n))).status).toBe(422);
    }
    house.clock.advance(3 * SECOND);
    expect((await answerTotp(browser, appCode(house, secret))).location).toBe('/sign-in');
  });

  test('R33: one sign-in makes one session', async () => {
    const { person, codes, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const pending = browser.cookies.get('pending') as string;
    await answerTotp(browser, appCode(house, secret));
    const again = house.browser();
    again.cookies.set('pending', pending);
    expect((await answerRecovery(again, codes[0] as string)).location).toBe('/sign-in');
    expect(await countOf(house, 'session', person)).toBe(1);
    expect((await answerRecovery(await halfSignedIn(house, person), codes[0] as string)).location).toBe('/');
  });

  test.each([
    ['the password', { password_hash: 'x' }],
    ['the roles', { roles: 'publisher' }],
    ['a suspension', { suspended_at: 1 }],
    ['the address', { email: 'other@example.org' }],
  ] as const)('R35: when %s changes in between, the sign-in starts again', async (_what, change) => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const { db } = house.app.database;
    await db
      .updateTable('account')
      .set((eb) => ({ ...change, security_version: eb('security_version', '+', 1) }))
      .where('id', '=', person.id)
      .execute();
    expect((await answerTotp(browser, appCode(house, secret))).location).toBe('/sign-in');
    expect(await countOf(house, 'session', person)).toBe(0);
  });

  test('R35: when 2FA is switched on in between, a password alone makes no session, and open ones end', async () => {
    const person = await somebody(house);
    const [enabling, other] = [house.browser(), house.browser()];
    await enterPassword(enabling, person);
    await enterPassword(other, person);
    const key = /data-text="([A-Z2-7]{32})"/.exec(
      (await enabling.get('/account/security/totp')).body,
    )?.[1] as string;
    expect((await enabling.post('/account/security/totp', { code: appCode(house, key) })).status).toBe(303);
    expect(await seesAccount(other)).toBe(false);
    const racing = await Promise.all(Array.from({ length: 4 }, () => enterPassword(house.browser(), person)));
    for (const { location } of racing) expect(location).toBe('/sign-in/factor');
  });

  test('contract: at least a hundred pending sign-ins may be open on an account', async () => {
    const { person, secret } = await planted(house);
    const browsers: Browser[] = [];
    for (let n = 0; n < 100; n++) browsers.push(await halfSignedIn(house, person));
    expect((await answerTotp(browsers[0] as Browser, appCode(house, secret))).location).toBe('/');
    house.clock.advance(30 * SECOND);
    expect((await answerTotp(browsers[99] as Browser, appCode(house, secret))).location).toBe('/');
    expect(await isSignedIn(browsers[99] as Browser)).toBe(true);
  });
});

describe('R33: PENDING_MAX=3s', () => {
  const house = sharedHouse({ env: { PENDING_MAX: '3s' } });

  test('R33: after three seconds a reload and the right code lead back to the password', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    expect((await browser.get('/sign-in/factor')).status).toBe(200);
    house.clock.advance(3 * SECOND);
    expect((await browser.get('/sign-in/factor')).location).toBe('/sign-in');
    expect((await answerTotp(browser, appCode(house, secret))).location).toBe('/sign-in');
    expect(await seesAccount(browser)).toBe(false);
    const next = await halfSignedIn(house, person);
    expect((await answerTotp(next, appCode(house, secret))).location).toBe('/');
  });
});
