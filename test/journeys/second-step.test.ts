import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import {
  addPerson,
  addProtectedPerson,
  appCode,
  enableApp,
  enterPassword,
  isSignedIn,
  readEnrolment,
  signIn,
  stepUp,
} from '../kit/people.ts';

describe.each(ENGINES)('on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  test('a member turns 2FA on, signs out, and is asked for the code', async () => {
    const person = await addPerson(house);
    const browser = house.browser();
    const landed = await enterPassword(browser, person);
    expect(landed.status).toBe(303);
    expect(textOf((await browser.get('/account/security')).body)).toContain('Enable 2FA');

    const shown = readEnrolment((await browser.get('/account/security/totp')).body);
    expect(shown.codes).toHaveLength(10);
    const on = await browser.submit('/account/security/totp', { code: appCode(house, shown.secret) });
    expect(textOf(on.body)).toContain('Two-factor authentication is on.');
    expect((await house.mails(person.email))[0]?.subject).toBe('Two-factor authentication is on');

    expect((await browser.post('/sign-out')).location).toBe('/sign-in');
    expect(await isSignedIn(browser)).toBe(false);

    house.clock.advance(30_000);
    const asked = await enterPassword(browser, person);
    expect(asked.location).toBe('/sign-in/factor');
    expect(await isSignedIn(browser)).toBe(false);
    expect(textOf((await browser.get('/sign-in/factor')).body)).toContain('One-time code');
    const answer = await browser.post('/sign-in/factor/totp', { code: appCode(house, shown.secret) });
    expect(answer.status).toBe(303);
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('a wrong enrolment code shows the same secret and codes again', async () => {
    const person = await addPerson(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const shown = readEnrolment((await browser.get('/account/security/totp')).body);
    const wrong = await browser.post('/account/security/totp', { code: '000000' });
    expect(wrong.status).toBe(422);
    expect(readEnrolment(wrong.body)).toEqual(shown);
    expect(readEnrolment((await browser.get('/account/security/totp')).body)).toEqual(shown);
  });

  test('a recovery code signs in once, and the mail says how many remain', async () => {
    const { person, codes } = await addProtectedPerson(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const typed = (codes[3] as string).toLowerCase().replaceAll('-', ' ');
    expect((await browser.post('/sign-in/factor/recovery-code', { code: typed })).status).toBe(303);
    expect(await isSignedIn(browser)).toBe(true);
    const [mail] = await house.mails(person.email);
    expect(mail?.subject).toBe('A recovery code was used');
    expect(mail?.text).toContain('9');

    const again = house.browser();
    await enterPassword(again, person);
    expect((await again.post('/sign-in/factor/recovery-code', { code: codes[3] as string })).status).toBe(
      422,
    );
  });

  test('disabling asks the password, after a step-up when the last one is old', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    house.clock.advance(11 * 60_000);
    const stale = await browser.post('/account/security/disable', { password: person.password });
    expect(stale.location).toBe('/confirm?return_to=%2Faccount%2Fsecurity%2Fdisable');
    await stepUp(house, browser, person, secret);
    // A password manager is told whose password it is.
    const page = await browser.get('/account/security/disable');
    expect(page.body).toContain(`value="${person.email}" autocomplete="username"`);
    const wrong = await browser.post('/account/security/disable', { password: 'not the password' });
    expect(wrong.status).toBe(422);
    const off = await browser.submit('/account/security/disable', { password: person.password });
    expect(textOf(off.body)).toContain('Enable 2FA');
    expect((await house.mails(person.email))[0]?.subject).toBe('Two-factor authentication was disabled');
    expect((await enterPassword(house.browser(), person)).location).toBe('/');
  });

  test('an administrator without a factor gets only as far as the enrolment, after a mailed link', async () => {
    const person = await addPerson(house, { email: 'boss@example.org', roles: 'admin' });
    const browser = house.browser();
    expect((await enterPassword(browser, person)).location).toBe('/account/security');
    expect((await browser.get('/account')).location).toBe('/account/security');
    expect((await browser.get('/account/security/totp')).location).toBe('/account/security');
    const link = await house.link(person.email, '/enrol');
    const page = await browser.get(link);
    expect(page.status).toBe(200);
    await browser.submit('/enrol', { token: page.field('token') });
    await enableApp(house, browser);
    expect((await browser.get('/account')).status).toBe(200);
    const refused = await browser.post('/account/security/disable', { password: person.password });
    expect(refused.status).toBe(409);
    const role = 'Your organisation requires two-factor authentication for your role as administrator';
    expect(textOf(refused.body)).toContain(`${role}, so it can’t be turned off.`);
    expect(textOf((await browser.get('/account/security/disable')).body)).toContain(`${role}, so`);
    expect(textOf((await browser.get('/account/security')).body)).toContain(`${role}.`);
    const id = /security\/factors\/([0-9a-f]+)/.exec((await browser.get('/account/security')).body)?.[1];
    for (const path of ['disable', `factors/${id}/remove`]) {
      const fields = path === 'disable' ? { password: person.password } : {};
      const told = await browser.post(`/account/security/${path}`, fields, { accept: 'application/json' });
      expect([told.status, told.json<{ message: string }>().message]).toEqual([
        409,
        `${role}, so it can’t be turned off. You can replace a method instead.`,
      ]);
    }
  });

  test('a second app can be added, renamed, preferred and removed; the old one goes on', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    const other = readEnrolment((await browser.get('/account/security/totp')).body);
    expect(other.codes).toHaveLength(0);
    const added = await browser.submit('/account/security/totp', {
      code: appCode(house, other.secret),
      label: 'Tablet',
    });
    expect(textOf(added.body)).toContain('Tablet');
    house.clock.advance(30_000);
    for (const one of [secret, other.secret]) {
      expect((await signIn(house, house.browser(), person, one)).status).toBe(303);
    }
    const id = /factors\/([0-9a-f]{32})" aria-label="Manage: Tablet"/.exec(added.body)?.[1];
    expect(id).toBeDefined();
    expect((await browser.post(`/account/security/factors/${id}`, { label: 'Old tablet' })).status).toBe(303);
    expect(textOf((await browser.get('/account/security')).body)).toContain('Old tablet');
    expect((await browser.post(`/account/security/factors/${id}/prefer`)).status).toBe(303);
    expect((await browser.post(`/account/security/factors/${id}/remove`)).location).toBe('/account/security');
    expect((await signIn(house, house.browser(), person, other.secret)).status).toBe(422);
  });

  test('an app is replaced without a gap: the old one works until the new one is confirmed', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    const id = /factors\/([0-9a-f]{32})"/.exec((await browser.get('/account/security')).body)?.[1] as string;
    const shown = readEnrolment((await browser.get(`/account/security/totp?replaces=${id}`)).body);
    expect((await signIn(house, house.browser(), person, secret)).status).toBe(303);
    expect((await signIn(house, house.browser(), person, shown.secret)).status).toBe(422);
    const done = await browser.post('/account/security/totp', {
      code: appCode(house, shown.secret),
      replaces: id,
    });
    expect(done.status).toBe(303);
    house.clock.advance(30_000);
    expect((await signIn(house, house.browser(), person, secret)).status).toBe(422);
    expect((await signIn(house, house.browser(), person, shown.secret)).status).toBe(303);
    expect((await house.mails(person.email)).map(({ subject }) => subject)).toContain(
      'Your authenticator app was changed',
    );
  });

  test('new recovery codes are proposed first; the old ones die with the button', async () => {
    const { person, browser, codes } = await addProtectedPerson(house);
    const page = await browser.get('/account/security/recovery-codes');
    const proposed =
      page.body.match(/[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}/g)?.slice(0, 10) ?? [];
    const early = house.browser();
    await enterPassword(early, person);
    expect((await early.post('/sign-in/factor/recovery-code', { code: proposed[0] as string })).status).toBe(
      422,
    );
    expect((await early.post('/sign-in/factor/recovery-code', { code: codes[0] as string })).status).toBe(
      303,
    );
    expect((await browser.post('/account/security/recovery-codes')).location).toBe('/account/security');
    const late = house.browser();
    await enterPassword(late, person);
    expect((await late.post('/sign-in/factor/recovery-code', { code: codes[1] as string })).status).toBe(422);
    expect((await late.post('/sign-in/factor/recovery-code', { code: proposed[0] as string })).status).toBe(
      303,
    );
  });
});
