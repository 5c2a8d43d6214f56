import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Browser } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addPerson, appCode, enableApp, enterPassword, PASSWORD } from '../kit/people.ts';

const OWN = 'ann@example.org';
const SPANISH = { 'accept-language': 'es-CO,es;q=0.9' };

describe.each(ENGINES)('who never chose a language reads mails in that of the browser, on %s', (engine) => {
  let house: House;
  let browser: Browser;
  beforeEach(async () => {
    house = await openHouse({ engine });
    browser = house.browser();
  });
  afterEach(() => house.close());

  const post = (path: string, fields: Record<string, string> = {}, one = browser) =>
    one.post(path, fields, SPANISH);
  const subjects = async (to: string) =>
    (await house.mails()).filter((mail) => mail.to === to).map(({ subject }) => subject);

  test('about what was done in a full sign-in', async () => {
    await addPerson(house, { email: OWN });
    await post('/sign-in', { email: OWN, password: PASSWORD });
    await post('/account/password', { current_password: PASSWORD, new_password: 'otra frase bien larga' });
    const told = await subjects(OWN);
    expect(told).toContain('Nuevo inicio de sesión en Countersign');
    expect(told).toContain('Tu contraseña ha cambiado');
  });

  test('with the link that was asked for', async () => {
    await addPerson(house, { email: OWN });
    await post('/forgot-password', { email: OWN });
    await post('/sign-up', { name: 'Ann', email: OWN });
    expect(await subjects(OWN)).toEqual(
      expect.arrayContaining([
        'Elige una contraseña nueva para Countersign',
        'Ya tienes una cuenta en Countersign',
      ]),
    );
    await post('/sign-in', { email: OWN, password: PASSWORD });
    await post('/account/email', { email: 'new@example.org' });
    expect(await subjects('new@example.org')).toEqual(['Confirma tu nuevo correo para Countersign']);
  });

  test('but a choice of theirs wins, and a stranger with the password chooses nothing', async () => {
    await enterPassword(browser, await addPerson(house, { email: OWN }));
    const { secret } = await enableApp(house, browser);
    house.clock.advance(30_000);
    const stranger = house.browser();
    await post('/sign-in', { email: OWN, password: PASSWORD }, stranger);
    await post('/sign-in/factor/totp', { code: '000000' }, stranger);
    expect(await subjects(OWN)).toContain('Someone knows your password');

    await browser.post('/account', { name: 'Ann', locale: 'en', time_zone: '' });
    const second = house.browser();
    await post('/sign-in', { email: OWN, password: PASSWORD }, second);
    await post('/sign-in/factor/totp', { code: appCode(house, secret) }, second);
    await post('/forgot-password', { email: OWN }, second);
    const told = await subjects(OWN);
    expect(told).toContain('Choose a new password for Countersign');
    expect(told.filter((subject) => /Nuevo|Elige/.test(subject))).toEqual([]);
  });
});
