import { beforeEach, describe, expect, test } from 'vitest';
import {
  answerTotp,
  copyOf,
  freshCode,
  HOUR,
  halfSignedIn,
  MINUTE,
  type Protected,
  planted,
  securityOf,
  seesAccount,
} from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import type { Browser } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { addKey, signInWithKey } from '../kit/keys.ts';
import { appCode, enterPassword, readEnrolment } from '../kit/people.ts';
import { askForHelp, dayLater, givePass, passAfterDay, twoAdministrators } from '../kit/recovery-kit.ts';
import { setValue } from '../kit/rules-kit.ts';
import { freshHouse } from '../kit/shared-house.ts';

describe.each(ENGINES)('somebody who lost everything, on %s', (engine) => {
  const house = freshHouse({ engine, env: { SUPPORT_EMAIL: 'help@example.org' } });
  let lost: Protected;
  beforeEach(async () => {
    lost = await planted(house, { name: 'Ann Example' });
  });

  test('a pass that is not used within its hour leaves everything as it was', async () => {
    const admins = await twoAdministrators(house);
    await askForHelp(house, lost.person);
    const [bea, carl] = (await dayLater(house, ...admins)) as [Browser, Browser];
    const before = await securityOf(house, lost.person);
    const token = await givePass(house, lost.person, bea, carl);
    expect(await securityOf(house, lost.person)).toEqual(before);
    // Half way through: the enrolment ends with the pass's hour, not half an hour later.
    house.clock.advance(50 * MINUTE);
    const browser = house.browser();
    const form = { token, password: lost.person.password };
    expect((await browser.post('/temporary-pass', form)).status).toBe(303);
    const { secret } = readEnrolment((await browser.get('/account/security/totp')).body);
    house.clock.advance(10 * MINUTE);
    const late = await browser.post('/account/security/totp', { code: appCode(house, secret) });
    expect(late.location).toMatch(/^\/sign-in/);
    expect(await securityOf(house, lost.person)).toEqual(before);

    const other = await planted(house);
    const unused = await passAfterDay(house, other.person, admins);
    house.clock.advance(HOUR);
    expect((await house.browser().get(`/temporary-pass?token=${unused}`)).status).toBe(422);
    const answer = await house
      .browser()
      .post('/temporary-pass', { token: unused, password: other.person.password });
    expect(answer.status).toBe(422);
    // The old app still signs in.
    const again = await halfSignedIn(house, lost.person);
    expect((await answerTotp(again, freshCode(house, lost.secret))).location).toBe('/');
    // And whoever still needs help may ask anew.
    await askForHelp(house, other.person);
  });

  test('trying the password beside it does not cost the pass; somebody else who signs in here does', async () => {
    const token = await passAfterDay(house, lost.person, await twoAdministrators(house));
    const browser = house.browser();
    await browser.post('/temporary-pass', { token, password: lost.person.password });
    const { secret } = readEnrolment((await browser.get('/account/security/totp')).body);
    expect((await enterPassword(browser, lost.person)).location).toBe('/sign-in/factor');
    expect((await browser.post('/sign-in/cancel')).status).toBe(303);
    expect(readEnrolment((await browser.get('/account/security/totp')).body).secret).toBe(secret);

    const other = copyOf(browser, house);
    const carla = await planted(house);
    expect((await enterPassword(other, carla.person)).location).toBe('/sign-in/factor');
    expect(other.cookies.has('enrolment')).toBe(false);
    expect((await browser.get('/account/security/totp')).location).toMatch(/^\/sign-in/);
  });

  test('found again within the hour: signing in with the old app ends the pass', async () => {
    const token = await passAfterDay(house, lost.person, await twoAdministrators(house));
    const enrolling = house.browser();
    await enrolling.post('/temporary-pass', { token, password: lost.person.password });
    const { secret } = readEnrolment((await enrolling.get('/account/security/totp')).body);
    const half = await halfSignedIn(house, lost.person);
    expect((await answerTotp(half, freshCode(house, lost.secret))).location).toBe('/');
    const late = await enrolling.post('/account/security/totp', { code: appCode(house, secret) });
    expect(late.location).toMatch(/^\/sign-in/);
    expect(await enterPassword(house.browser(), lost.person)).toMatchObject({ location: '/sign-in/factor' });
    expect(await seesAccount(half)).toBe(true);
  });

  test('R46: whoever lost as many keys as there is room for sets up a key again', async () => {
    await setValue(house, 'keys_first', 'allowed');
    const owner = await halfSignedIn(house, lost.person);
    await answerTotp(owner, freshCode(house, lost.secret));
    for (let count = 0; count < 10; count++)
      expect((await addKey(owner, new Authenticator(), { label: `Key ${count}` })).status).toBe(303);
    expect((await owner.get('/account/security/keys')).status).toBe(409);
    const token = await passAfterDay(house, lost.person, await twoAdministrators(house));
    const browser = house.browser();
    await browser.post('/temporary-pass', { token, password: lost.person.password });
    const key = new Authenticator();
    expect((await addKey(browser, key)).location).toBe('/account/security');
    expect((await signInWithKey(house, lost.person, key)).answer.location).toBe('/');
  });
});
