import { describe, expect, test, vi } from 'vitest';
import { freshCode, MINUTE, SECOND, signInAgain, somebody, somebodyProtected } from '../kit/attack-kit.ts';
import { ENGINES } from '../kit/house.ts';
import { enterPassword, stepUp } from '../kit/people.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

describe.each(ENGINES)('changing what security rests on, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);

  test('R35: when the account changes between password and factor, confirming starts again', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    house.clock.advance(10 * MINUTE + SECOND);
    await browser.post('/confirm', { password: person.password });
    const { db } = house.app.database;
    await db
      .updateTable('account')
      .set((eb) => ({ security_version: eb('security_version', '+', 1) }))
      .where('id', '=', person.id)
      .execute();
    const late = await browser.post('/confirm/factor/totp', { code: freshCode(house, secret) });
    expect(late.location).toMatch(/^\/confirm\?/);
    expect((await browser.get('/account/security/totp')).location).toMatch(/^\/confirm\?/);
    await browser.post('/confirm', { password: person.password });
    expect((await browser.post('/confirm/factor/totp', { code: freshCode(house, secret) })).status).toBe(303);
    expect((await browser.get('/account/security/totp')).status).toBe(200);
  });

  test('R35: a password that is changed while it is being confirmed confirms nothing', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    house.clock.advance(10 * MINUTE + SECOND);
    const { hasher, database } = house.app.deps;
    const verify = hasher.verify.bind(hasher);
    const slow = vi.spyOn(hasher, 'verify').mockImplementationOnce(async (stored, password) => {
      await database.db
        .updateTable('account')
        .set((eb) => ({ security_version: eb('security_version', '+', 1) }))
        .where('id', '=', person.id)
        .execute();
      return verify(stored, password);
    });
    const late = await browser.post('/confirm', {
      password: person.password,
      return_to: '/account/security/totp',
    });
    slow.mockRestore();
    expect(late.location).toBe('/confirm?return_to=%2Faccount%2Fsecurity%2Ftotp');
    expect((await browser.get('/account/security/totp')).location).toMatch(/^\/confirm\?/);
  });

  test('R38: ten minutes and not a second longer, in this session and no other', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const other = await signInAgain(twin, { person, secret });
    house.clock.advance(11 * MINUTE);
    await stepUp(house, browser, person, secret);
    expect((await other.get('/account/security/disable')).location).toMatch(/^\/confirm/);
    // stepUp has waited half a minute.
    house.clock.advance(9 * MINUTE + 30 * SECOND);
    expect((await browser.get('/account/security/disable')).status).toBe(200);
    house.clock.advance(SECOND);
    expect((await browser.get('/account/security/disable')).location).toMatch(/^\/confirm/);
    expect((await browser.post('/account/security/disable', { password: person.password })).location).toMatch(
      /^\/confirm/,
    );
  });

  test('R38: the half of a step-up that knew the password is bound to its session and to ten minutes', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const other = await signInAgain(twin, { person, secret });
    house.clock.advance(11 * MINUTE);
    await browser.post('/confirm', { password: person.password });
    const elsewhere = await other.post('/confirm/factor/totp', { code: freshCode(house, secret) });
    expect(elsewhere.location).toMatch(/^\/confirm(\?|$)/);
    house.clock.advance(10 * MINUTE);
    const late = await browser.post('/confirm/factor/totp', { code: freshCode(house, secret) });
    expect(late.location).toMatch(/^\/confirm(\?|$)/);
    expect((await browser.get('/confirm/factor')).location).toMatch(/^\/confirm(\?|$)/);
  });

  test('contract: after the fifth wrong code a step-up has no page left, and begins again for what it was for', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const nowhere = await browser.get('/confirm/factor');
    expect([nowhere.status, nowhere.location]).toEqual([303, '/confirm']);
    house.clock.advance(11 * MINUTE);
    const begin = () => browser.post('/confirm', { password: person.password, return_to: '/account/email' });
    await begin();
    for (let tries = 0; tries < 5; tries++) {
      expect((await browser.get('/confirm/factor')).status).toBe(200);
      expect((await browser.post('/confirm/factor/totp', { code: '' })).status).toBe(422);
    }
    const again = '/confirm?return_to=%2Faccount%2Femail';
    for (const page of [
      await browser.get('/confirm/factor'),
      await browser.get('/confirm/factor?method=recovery-code'),
      await browser.post('/confirm/factor/totp', { code: freshCode(house, secret) }),
    ]) {
      expect([page.status, page.location]).toEqual([303, again]);
    }
    await begin();
    // One that was left lying for too long knows its way as well.
    house.clock.advance(11 * MINUTE);
    expect((await browser.get('/confirm/factor')).location).toBe(again);
    await begin();
    const done = await browser.post('/confirm/factor/totp', { code: freshCode(house, secret) });
    expect(done.location).toBe('/account/email');
    expect((await browser.post('/confirm/factor/totp', { code: '123456' })).location).toBe('/confirm');
  });

  test('R38: nothing is granted by GET, nor by a password alone', async () => {
    const { person, browser } = await somebodyProtected(house);
    house.clock.advance(11 * MINUTE);
    for (const path of [
      '/confirm',
      `/confirm?password=${person.password}`,
      '/confirm/factor',
      '/confirm/factor/totp',
    ]) {
      await browser.get(path);
    }
    await browser.post('/confirm', { password: person.password });
    await browser.get('/confirm/factor');
    expect((await browser.get('/account/security/disable')).location).toMatch(/^\/confirm/);
  });
});
