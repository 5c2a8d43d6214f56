import { describe, expect, test } from 'vitest';
import { tokenHash } from '../../src/kit/encoding.ts';
import { raise } from '../../src/sessions/step-up.ts';
import { findSession } from '../../src/sessions/store.ts';
import {
  answerTotp,
  halfSignedIn,
  MINUTE,
  planted,
  SECOND,
  somebody,
  somebodyProtected,
  wrongCode,
} from '../kit/attack-kit.ts';
import type { Browser } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, enterPassword, isSignedIn, type Person, suspend } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const CLOCK = /clock is about 2 minutes slow/;

/** What a step-up and an enrolment pass leave behind, and when they are no longer good for anything (R31, R36, R38). */
describe.each(ENGINES)('step-ups and passes, on %s', (engine) => {
  const house = sharedHouse({ engine });

  const sessionOf = async (browser: Browser) => {
    const hash = tokenHash(browser.cookies.get('session') as string);
    const found = await findSession(house.app.database.db, hash);
    if (!found) throw new Error('nobody is signed in');
    return found.session;
  };

  const attemptsOf = async (browser: Browser) => {
    const { db } = house.app.database;
    const { id } = await sessionOf(browser);
    return (await db.selectFrom('step_up').select('attempts').where('session_id', '=', id).executeTakeFirst())
      ?.attempts;
  };

  const asked = async (browser: Browser, person: Person) => {
    expect((await browser.post('/confirm', { password: person.password })).location).toBe('/confirm/factor');
  };
  const confirm = (browser: Browser, code: string) => browser.post('/confirm/factor/totp', { code });

  test('R10/R38: a code that was used before costs no try, a wrong one does', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const used = appCode(house, secret);
    await answerTotp(browser, used);
    await asked(browser, person);
    expect((await confirm(browser, used)).status).toBe(422);
    expect(await attemptsOf(browser)).toBe(0);
    expect((await confirm(browser, wrongCode(house, secret))).status).toBe(422);
    expect(await attemptsOf(browser)).toBe(1);
  });

  test('screen 2: the clock doctor speaks at a step-up too, of the second code that is off by the same time', async () => {
    const { person, secret, browser } = await somebodyProtected(house);
    await asked(browser, person);
    const first = await confirm(browser, appCode(house, secret, -4));
    expect(first.status).toBe(422);
    expect(first.body).not.toMatch(CLOCK);
    house.clock.advance(30 * SECOND);
    const second = await confirm(browser, appCode(house, secret, -4));
    expect(second.status).toBe(422);
    expect(second.body).toMatch(CLOCK);
    // A wrong one in between, and there is nothing to compare with.
    house.clock.advance(30 * SECOND);
    await confirm(browser, wrongCode(house, secret));
    house.clock.advance(30 * SECOND);
    expect((await confirm(browser, appCode(house, secret, -4))).body).not.toMatch(CLOCK);
  });

  test('R64/R38: amr grows by what was proven and by nothing else; how the session began stays', async () => {
    const { person, secret } = await planted(house);
    const first = await halfSignedIn(house, person);
    await first.post('/sign-in/factor/totp', { code: appCode(house, secret), trust: 'on' });
    house.clock.advance(30 * SECOND);
    await first.post('/sign-out');
    expect((await enterPassword(first, person)).location).toBe('/');
    expect(await sessionOf(first)).toMatchObject({ amr: 'pwd', acr: 'pwd', method: 'trusted-browser' });
    await asked(first, person);
    expect((await confirm(first, appCode(house, secret))).status).toBe(303);
    expect(await sessionOf(first)).toMatchObject({
      amr: 'pwd otp mfa',
      acr: 'mfa',
      method: 'trusted-browser',
    });

    const plain = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, plain);
    house.clock.advance(11 * MINUTE);
    expect((await browser.post('/confirm', { password: plain.password })).status).toBe(303);
    expect(await sessionOf(browser)).toMatchObject({ amr: 'pwd', acr: 'pwd', method: null });
  });

  test('R50/R38: a session that has ended meanwhile does not rise', async () => {
    const { deps } = house.app;
    const { browser } = await somebodyProtected(house);
    const session = await sessionOf(browser);
    await browser.post('/sign-out');
    const risen = deps.database.transaction((tx) =>
      raise(tx, deps, session, ['otp', 'mfa'], deps.clock.now()),
    );
    await expect(risen).rejects.toMatchObject({ code: 'sign_in_required' });
  });

  test('R37: the cookie of a trusted browser lives as long as the trust: thirty days, in seconds', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const answer = await browser.post('/sign-in/factor/totp', { code: appCode(house, secret), trust: 'on' });
    const cookie = [answer.headers['set-cookie'] ?? []].flat().find((one) => one.startsWith('trusted='));
    expect(cookie).toMatch(/; Max-Age=2592000(;|$)/i);
  });

  describe('an enrolment pass', () => {
    const enrolling = async () => {
      const person = await somebody(house, { roles: 'admin' });
      const browser = house.browser();
      expect((await enterPassword(browser, person)).location).toBe('/account/security');
      expect(await isSignedIn(browser)).toBe(true);
      return { person, browser, pass: browser.cookies.get('enrolment') as string };
    };

    test('R35: is of the account as it was', async () => {
      const { person, browser } = await enrolling();
      await house.app.database.db
        .updateTable('account')
        .set((eb) => ({ security_version: eb('security_version', '+', 1) }))
        .where('id', '=', person.id)
        .execute();
      expect(await isSignedIn(browser)).toBe(false);
    });

    test('R66: of somebody who is suspended opens nothing', async () => {
      const { person, browser } = await enrolling();
      const { db } = house.app.database;
      // Nothing but this: suspending somebody changes more, and each is to be enough.
      await db
        .updateTable('account')
        .set({ suspended_at: house.clock.now() })
        .where('id', '=', person.id)
        .execute();
      expect(await isSignedIn(browser)).toBe(false);
      const other = await enrolling();
      await suspend(house, other.person);
      expect(await isSignedIn(other.browser)).toBe(false);
    });

    test('R50: is gone when its browser signs out, for whoever has copied it', async () => {
      const { browser, pass } = await enrolling();
      await browser.post('/sign-out');
      const thief = house.browser();
      thief.cookies.set('enrolment', pass);
      expect(await isSignedIn(thief)).toBe(false);
    });
  });
});
