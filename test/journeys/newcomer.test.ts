import { describe, expect, test } from 'vitest';
import {
  answerRecovery,
  answerTotp,
  factorIdOf,
  freshCode,
  halfSignedIn,
  planted,
  somebody,
  somebodyProtected,
  tokenOf,
} from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { addKey, keyRow } from '../kit/keys.ts';
import { enterPassword } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const SECURITY = '/account/security';
const SPANISH = { 'accept-language': 'es' };

describe.each(ENGINES)('what somebody sees who has never seen it, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const read = async (browser: Browser, path: string, headers = {}) =>
    textOf((await browser.get(path, headers)).body);

  test('what was given no name is called by its kind in the language of today, on pages and in mails', async () => {
    const { person, browser } = await somebodyProtected(house);
    const [one, two, named] = [new Authenticator(), new Authenticator(), new Authenticator()];
    for (const key of [one, two]) await addKey(browser, key);
    await addKey(browser, named, { label: 'Blue' });
    expect(await read(browser, SECURITY)).toContain('Security key 2');
    const spanish = await read(browser, SECURITY, SPANISH);
    for (const name of ['Aplicación de autenticación', 'Llave de seguridad 2', 'Blue'])
      expect(spanish).toContain(name);
    expect(spanish).not.toContain('Security key');
    expect(spanish).not.toContain('Authenticator app');
    const page = `${SECURITY}/factors/${(await keyRow(house, two))?.id}`;
    expect(await read(browser, page, SPANISH)).toContain('Llave de seguridad 2');
    const half = await halfSignedIn(house, person);
    expect(await read(half, '/sign-in/factor?method=totp', SPANISH)).not.toContain('Authenticator app');

    await browser.post('/account', { name: 'Ann', locale: 'es', time_zone: '' });
    await browser.post(`${page}/remove`);
    expect((await house.mails(person.email))[0]?.subject).toBe('Se ha quitado: Llave de seguridad 2');
  });

  test('the country of a phone number is guessed by the time zone, else by the browser’s languages', async () => {
    const { browser } = await somebodyProtected(house);
    const guess = async (language: string) => {
      const { body } = await browser.get('/account/security/sms', { 'accept-language': language });
      return /<option value="([A-Z]{2})" selected/.exec(body)?.[1];
    };
    expect(await guess('es-MX,es;q=0.8')).toBe('MX');
    expect(await guess('en')).toBe('US');
    await browser.post('/account', { name: 'Ann', locale: '', time_zone: 'Europe/Vienna' });
    expect(await guess('en-US')).toBe('AT');
  });

  test('after a recovery code the Security page says what to do about what was lost, until it is put away', async () => {
    const { person, secret, codes } = await planted(house);
    const browser = await halfSignedIn(house, person);
    await answerRecovery(browser, codes[0] as string);
    const page = await browser.get(SECURITY);
    expect(textOf(page.body)).toContain('What did you lose?');
    const id = await factorIdOf(house, person);
    expect(page.body).toContain(`href="/account/security/factors/${id}"`);
    expect(textOf(page.body)).toContain('Replace or remove “Authenticator app”');
    expect((await browser.get(`${SECURITY}/factors/${id}`)).status).toBe(200);
    await browser.submit('/account/security/advice/later');
    expect(await read(browser, SECURITY)).not.toContain('What did you lose?');
    const other = await halfSignedIn(house, person);
    expect((await answerTotp(other, freshCode(house, secret))).location).toBe('/');
    expect(await read(other, SECURITY)).not.toContain('What did you lose?');
  });

  test('who comes to ask for help is told what the password is for, and led back; nobody is led to and fro', async () => {
    const { person, browser } = await somebodyProtected(house);
    const lost = house.browser();
    const led = await lost.get('/recover');
    expect(led.location).toBe('/sign-in?return_to=%2Frecover');
    const page = await lost.get(led.location as string);
    expect(textOf(page.body)).toContain('Then you can ask for help.');
    expect(await read(house.browser(), '/sign-in')).not.toContain('ask for help');
    const typed = { email: person.email, password: person.password, return_to: page.field('return_to') };
    expect((await lost.post('/sign-in', typed)).location).toBe('/recover');
    expect(await read(lost, '/recover')).toContain('I lost everything');
    expect((await lost.post('/recover', {})).location).toBe('/recover');
    expect((await browser.get('/recover')).location).toBe('/sign-in');
    expect((await browser.get('/sign-in')).location).toBe('/');
  });

  test('where keys may come first, whoever has nothing yet is shown the way to one', async () => {
    const [person, boss] = [await somebody(house), await somebody(house, { roles: 'admin' })];
    const [browser, enrolling] = [house.browser(), house.browser()];
    await enterPassword(browser, person);
    await enterPassword(enrolling, boss);
    await enrolling.post('/enrol', { token: tokenOf(await house.link(boss.email, '/enrol')) });
    const link = 'href="/account/security/keys"';
    for (const one of [browser, enrolling]) expect((await one.get(SECURITY)).body).not.toContain(link);
    const { db } = house.app.database;
    await db.insertInto('policy_value').values({ key: 'keys_first', value: 'allowed' }).execute();
    for (const one of [browser, enrolling]) {
      expect((await one.get(SECURITY)).body).toContain(link);
      expect((await one.get(`${SECURITY}/keys`)).status).toBe(200);
    }
    await db.deleteFrom('policy_value').execute();
  });

  test('how to trust a browser stands where none is trusted, unless that is forbidden', async () => {
    const { browser } = await somebodyProtected(house);
    const none = "None. To trust one, tick “Don't ask again in this browser”";
    expect(await read(browser, SECURITY)).toContain(none);
    const { db } = house.app.database;
    await db.insertInto('policy_value').values({ key: 'trusted_browsers', value: 'forbidden' }).execute();
    expect(await read(browser, SECURITY)).not.toContain('Trusted browsers');
    await db.deleteFrom('policy_value').execute();
  });
});
