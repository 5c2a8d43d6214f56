import { describe, expect, test } from 'vitest';
import {
  answerTotp,
  copyOf,
  freshCode,
  halfSignedIn,
  MINUTE,
  SECOND,
  seesAccount,
  signInAgain,
  somebody,
  somebodyProtected,
  tokenOf,
  tryCode,
} from '../kit/attack-kit.ts';
import { ENGINES, openHouse } from '../kit/house.ts';
import { enterPassword, NEXT_PASSWORD } from '../kit/people.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

describe.each(ENGINES)('changing what security rests on, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);

  test('R5: a new password needs the current one, and ends every other session, sign-in and reset link at once', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const other = await signInAgain(twin, { person, secret });
    const pending = await halfSignedIn(house, person);
    await house.browser().post('/forgot-password', { email: person.email });
    const reset = tokenOf(await house.link(person.email, '/reset-password'));
    const wrong = await browser.post('/account/password', {
      current_password: 'not this one',
      new_password: NEXT_PASSWORD,
    });
    expect(wrong.status).toBe(422);
    expect(await seesAccount(other)).toBe(true);
    const before = copyOf(browser, twin);
    const done = await browser.post('/account/password', {
      current_password: person.password,
      new_password: NEXT_PASSWORD,
    });
    expect(done.status).toBe(303);
    for (const one of [other, before, copyOf(other, house)]) expect(await seesAccount(one)).toBe(false);
    expect((await answerTotp(pending, freshCode(house, secret))).location).toBe('/sign-in');
    const late = await house
      .browser()
      .post('/reset-password', { token: reset, password: 'quiet-amber-lynx-3' });
    expect(late.status).toBe(422);
    expect(await seesAccount(browser)).toBe(true);
    expect((await enterPassword(house.browser(), person)).status).toBe(422);
    expect(
      (await tryCode(house, { ...person, password: NEXT_PASSWORD }, freshCode(house, secret))).location,
    ).toBe('/');
  });

  test('R50: ended on one process, refused on the other with the very next request', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const other = await signInAgain(twin, { person, secret });
    expect(await seesAccount(copyOf(browser, twin))).toBe(true);
    expect((await browser.post('/account/sessions/end-others')).status).toBe(303);
    expect(await seesAccount(other)).toBe(false);
    expect(await seesAccount(copyOf(other, house))).toBe(false);
    const copy = copyOf(browser, twin);
    const out = await browser.post('/sign-out');
    expect(out.headers['clear-site-data']).toBe('"cache", "storage"');
    expect(await seesAccount(copy)).toBe(false);
    expect(browser.cookies.has('session')).toBe(false);
  });

  test('R50: a suspended account is out at once, everywhere', async () => {
    const { person, browser } = await somebodyProtected(house);
    const { db } = house.app.database;
    await db.updateTable('account').set({ suspended_at: 1 }).where('id', '=', person.id).execute();
    expect(await seesAccount(browser)).toBe(false);
    expect(await seesAccount(copyOf(browser, twin))).toBe(false);
    const again = await enterPassword(house.browser(), person);
    expect(again.status).toBe(422);
  });

  test('R52: idle for half an hour, or twelve hours old, a session is over', async () => {
    const { browser } = await somebodyProtected(house);
    house.clock.advance(29 * MINUTE);
    expect(await seesAccount(browser)).toBe(true);
    house.clock.advance(30 * MINUTE + SECOND);
    expect(await seesAccount(browser)).toBe(false);

    const { browser: busy } = await somebodyProtected(house);
    for (let passed = 0; passed < 12 * 60 - 25; passed += 25) {
      house.clock.advance(25 * MINUTE);
      expect(await seesAccount(busy), `after ${passed + 25} minutes`).toBe(true);
    }
    house.clock.advance(25 * MINUTE);
    expect(await seesAccount(busy)).toBe(false);
  });
});

describe('lifetimes by configuration', () => {
  test('R52/R38: SESSION_IDLE, SESSION_MAX and STEP_UP_MAX are enforced', async () => {
    const house = await openHouse({ env: { SESSION_IDLE: '20s', SESSION_MAX: '60s', STEP_UP_MAX: '5s' } });
    try {
      const person = await somebody(house);
      const browser = house.browser();
      await enterPassword(browser, person);
      expect((await browser.get('/account/password')).status).toBe(200);
      house.clock.advance(6 * SECOND);
      expect((await browser.get('/account/password')).location).toMatch(/^\/confirm/);
      for (let n = 0; n < 5; n++) {
        expect(await seesAccount(browser)).toBe(true);
        house.clock.advance(10 * SECOND);
      }
      house.clock.advance(5 * SECOND);
      expect(await seesAccount(browser)).toBe(false);
      await enterPassword(browser, person);
      house.clock.advance(21 * SECOND);
      expect(await seesAccount(browser)).toBe(false);
    } finally {
      await house.close();
    }
  });
});
