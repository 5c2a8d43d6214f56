import { describe, expect, test } from 'vitest';
import { tokenHash } from '../../src/kit/encoding.ts';
import {
  answerTotp,
  freshCode,
  planted,
  SECOND,
  seesAccount,
  somebody,
  somebodyProtected,
} from '../kit/attack-kit.ts';
import { ENGINES, type House } from '../kit/house.ts';
import { appCode, enterPassword } from '../kit/people.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

describe.each(ENGINES)('half signed in, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);

  test('A15/R36: no value that a client brings is adopted; every step gives a new token and the old one is dead', async () => {
    const { person, secret } = await planted(house);
    const planted_ = {
      session: 'A'.repeat(43),
      pending: 'B'.repeat(43),
      browser: 'C'.repeat(43),
      enrolment: 'D'.repeat(43),
      trusted: 'E'.repeat(43),
      csrf: 'F'.repeat(43),
    };
    const browser = house.browser();
    for (const [name, value] of Object.entries(planted_)) browser.cookies.set(name, value);
    await enterPassword(browser, person);
    const pending = browser.cookies.get('pending');
    expect(pending).not.toBe(planted_.pending);
    await answerTotp(browser, appCode(house, secret));
    const session = browser.cookies.get('session') as string;
    expect(Object.values(planted_)).not.toContain(session);
    expect(session).not.toBe(pending);
    expect(browser.cookies.get('browser')).not.toBe(planted_.browser);
    expect(browser.cookies.has('pending')).toBe(false);

    const with_ = async (at: House, name: string, value: string) => {
      const thief = at.browser();
      thief.cookies.set(name, value);
      return thief;
    };
    for (const at of [house, twin]) {
      for (const value of [...Object.values(planted_), pending as string]) {
        expect(await seesAccount(await with_(at, 'session', value))).toBe(false);
      }
      const spent = await with_(at, 'pending', pending as string);
      expect((await spent.get('/sign-in/factor')).location).toBe('/sign-in');
      expect((await answerTotp(spent, freshCode(house, secret))).location).toBe('/sign-in');
    }

    // A step-up is a rise as well.
    await browser.submit('/confirm', { password: person.password });
    expect((await browser.post('/confirm/factor/totp', { code: freshCode(house, secret) })).status).toBe(303);
    const raised = browser.cookies.get('session') as string;
    expect(raised).not.toBe(session);
    for (const at of [house, twin])
      expect(await seesAccount(await with_(at, 'session', session))).toBe(false);
    expect(await seesAccount(await with_(twin, 'session', raised))).toBe(true);

    // Signing in anew in this browser ends what was open in it.
    await enterPassword(browser, person);
    expect((await answerTotp(browser, freshCode(house, secret))).location).toBe('/');
    expect(await seesAccount(await with_(twin, 'session', raised))).toBe(false);
  });

  test('R36: a known-browser token of somebody else that was planted here stays theirs', async () => {
    const { browser: mallory } = await somebodyProtected(house);
    const planted_ = mallory.cookies.get('browser') as string;
    const { person, secret } = await planted(house);
    const victim = house.browser();
    victim.cookies.set('browser', planted_);
    await enterPassword(victim, person);
    await answerTotp(victim, appCode(house, secret));
    const { db } = house.app.database;
    const known = await db
      .selectFrom('known_browser')
      .selectAll()
      .where('account_id', '=', person.id)
      .execute();
    expect(known).toHaveLength(1);
    // Whoever planted it must not own a password budget of the victim's.
    expect(victim.cookies.get('browser')).not.toBe(planted_);
  });

  test('R59: one token, sent again and again by somebody who shares the browser, makes no row after row', async () => {
    const rowsOf = (column: 'account_id' | 'token_hash', value: string) =>
      house.app.database.db.selectFrom('known_browser').selectAll().where(column, '=', value).execute();
    const [ann, bob] = [await somebody(house), await somebody(house)];
    const shared = house.browser();
    await enterPassword(shared, ann);
    const token = shared.cookies.get('browser') as string;
    let newest = token;
    for (let n = 0; n < 6; n++) {
      house.clock.advance(SECOND);
      const browser = house.browser();
      browser.cookies.set('browser', token);
      await enterPassword(browser, bob);
      newest = browser.cookies.get('browser') as string;
    }
    const known = (await rowsOf('account_id', ann.id)).map(({ token_hash }) => token_hash);
    expect(known.sort()).toEqual([tokenHash(token), tokenHash(newest)].sort());

    // A hall's browser remembers the last twenty before whoever signs in.
    const hall = house.browser();
    for (let n = 0; n < 23; n++) {
      house.clock.advance(SECOND);
      await enterPassword(hall, await somebody(house));
    }
    expect(await rowsOf('token_hash', tokenHash(hall.cookies.get('browser') as string))).toHaveLength(21);
  });

  test('R36: a cookie sent twice is ambiguous and counts as none', async () => {
    const { browser } = await somebodyProtected(house);
    const session = browser.cookies.get('session') as string;
    const fresh = house.browser();
    const page = await fresh.get('/account', {
      cookie: `session=${session}; session=${session}`,
      accept: 'application/json',
    });
    expect(page.status).toBe(401);
  });
});
