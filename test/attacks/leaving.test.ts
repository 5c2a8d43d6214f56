import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eraseLeavers } from '../../src/accounts/erase.ts';
import { DAY } from '../../src/kit/clock.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import {
  addProtectedPerson,
  appCode,
  enterPassword,
  isSignedIn,
  PASSWORD,
  signIn,
  stepUp,
} from '../kit/people.ts';

const FORM = { confirmation: 'ann@example.org', password: PASSWORD };
const PATHS = ['/account/export', '/account/delete'] as const;

describe.each(ENGINES)('attacks on leaving, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  const isClosed = async () => {
    const row = await house.app.database.db
      .selectFrom('account')
      .select('suspended_at')
      .executeTakeFirstOrThrow();
    return row.suspended_at !== null;
  };

  test('R54: another site’s page neither deletes nor downloads', async () => {
    const { browser } = await addProtectedPerson(house);
    for (const path of PATHS)
      for (const headers of [
        { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
        { 'sec-fetch-site': 'same-site', origin: 'https://evil.localhost' },
        { 'sec-fetch-site': '', origin: 'null' },
      ])
        expect((await browser.post(path, path === '/account/delete' ? FORM : {}, headers)).status).toBe(403);
    expect(await isClosed()).toBe(false);
  });

  test('R38: eleven minutes after the second step, both ask for it again', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    house.clock.advance(11 * 60_000);
    for (const path of PATHS) {
      expect((await browser.get(path)).location).toBe(`/confirm?return_to=${encodeURIComponent(path)}`);
      expect((await browser.post(path, path === '/account/delete' ? FORM : {})).location).toContain(
        '/confirm',
      );
      const json = await browser.post(path, path === '/account/delete' ? FORM : {}, {
        accept: 'application/json',
      });
      expect([json.status, json.json<{ code: string }>().code]).toEqual([403, 'step_up_required']);
    }
    expect(await isClosed()).toBe(false);
    await stepUp(house, browser, person, secret);
    expect((await browser.post('/account/delete', FORM)).status).toBe(303);
    expect(await isClosed()).toBe(true);
  });

  test('A10: a pending sign-in opens neither', async () => {
    const { person } = await addProtectedPerson(house);
    const half = house.browser();
    await enterPassword(half, person);
    for (const path of PATHS) {
      expect((await half.get(path)).location).toContain('/sign-in');
      expect((await half.post(path, path === '/account/delete' ? FORM : {})).location).toContain('/sign-in');
    }
    expect(await isClosed()).toBe(false);
  });

  test('R71: fields that nobody asked for are refused', async () => {
    const { browser } = await addProtectedPerson(house);
    for (const more of [{ id: 'x' }, { account: 'x' }, { erase_at: '0' }])
      expect((await browser.post('/account/delete', { ...FORM, ...more })).status).toBe(400);
    expect((await browser.post('/account/delete', 'confirmation=a&confirmation=b&password=c')).status).toBe(
      400,
    );
    expect(await isClosed()).toBe(false);
  });

  test('R59: guesses of the password here are counted as everywhere', async () => {
    const { browser } = await addProtectedPerson(house);
    let status = 422;
    for (let guess = 0; guess < 40 && status === 422; guess++)
      status = (await browser.post('/account/delete', { ...FORM, password: `wrong-guess-${guess}` })).status;
    expect(status).toBe(429);
    expect((await browser.post('/account/delete', FORM)).status).toBe(429);
    expect(await isClosed()).toBe(false);
  });

  test('R43: the way back works once, for twenty at a time too, and never after the erasing', async () => {
    const { browser } = await addProtectedPerson(house);
    await browser.post('/account/delete', FORM);
    const page = await house.browser().get(await house.link('ann@example.org', '/undo'));
    const token = page.field('token');
    const tries = await Promise.all(
      Array.from({ length: 20 }, () => house.browser().post('/undo', { token })),
    );
    expect(tries.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(await isClosed()).toBe(false);
  });

  test('undo and erasing at the same moment: one of them, and never half of either', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    const twin = engine === 'postgres' ? await house.twin() : house;
    await browser.post('/account/delete', FORM);
    const page = await house.browser().get(await house.link('ann@example.org', '/undo'));
    const token = page.field('token');
    // The link dies with the last millisecond before.
    house.clock.advance(7 * DAY - 1);
    const undoing = house.browser().post('/undo', { token });
    house.clock.advance(1);
    const [undone, erased] = await Promise.all([undoing, eraseLeavers(twin.app.deps)]);
    const rows = await house.app.database.db.selectFrom('account').selectAll().execute();
    if (undone.status === 303) {
      expect([erased, rows.length, rows[0]?.suspended_at]).toEqual([0, 1, null]);
      const back = house.browser();
      await enterPassword(back, person);
      expect((await back.post('/sign-in/factor/totp', { code: appCode(house, secret) })).status).toBe(303);
    } else {
      expect([undone.status, erased, rows.length]).toEqual([422, 1, 0]);
    }
    expect((await house.browser().post('/undo', { token })).status).toBe(422);
  });

  test('called off and asked for anew while the erasing begins: the new week counts', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    await browser.post('/account/delete', FORM);
    const page = await house.browser().get(await house.link('ann@example.org', '/undo'));
    house.clock.advance(7 * DAY - 1);
    const { database } = house.app;
    let isAnew = false;
    const transaction: typeof database.transaction = async (work, options) => {
      if (isAnew) return database.transaction(work, options);
      isAnew = true;
      expect((await house.browser().post('/undo', { token: page.field('token') })).status).toBe(303);
      house.clock.advance(1);
      const back = house.browser();
      await signIn(house, back, person, secret);
      expect((await back.post('/account/delete', FORM)).status).toBe(303);
      return database.transaction(work, options);
    };
    const clock = { ...house.clock, now: () => house.clock.now() + 1 };
    const late = { ...house.app.deps, clock, database: { ...database, transaction } };
    expect(await eraseLeavers(late)).toBe(0);
    house.clock.advance(7 * DAY);
    expect(await eraseLeavers(house.app.deps)).toBe(1);
  });

  test('a second step that is answered while the account is being closed lets nobody in', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    const half = house.browser();
    await enterPassword(half, person);
    const code = appCode(house, secret);
    const [answer, left] = await Promise.all([
      half.post('/sign-in/factor/totp', { code }),
      browser.post('/account/delete', FORM),
    ]);
    expect(left.status).toBe(303);
    expect(answer.status).toBe(303);
    expect(await isClosed()).toBe(true);
    expect([await isSignedIn(half), await isSignedIn(browser)]).toEqual([false, false]);
    house.clock.advance(7 * DAY);
    expect(await eraseLeavers(house.app.deps)).toBe(1);
    expect(await isSignedIn(half)).toBe(false);
  });

  test('erased in two processes at once: once', async () => {
    const { browser } = await addProtectedPerson(house);
    const twin = await house.twin();
    await browser.post('/account/delete', FORM);
    house.clock.advance(8 * DAY);
    const counts = await Promise.all([eraseLeavers(house.app.deps), eraseLeavers(twin.app.deps)]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1);
    const events = await house.app.database.db
      .selectFrom('audit_event')
      .select('seq')
      .where('event', '=', 'account.erased')
      .execute();
    expect(events).toHaveLength(1);
  });
});
