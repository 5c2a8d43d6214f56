import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { factorIdOf, guessWrong, halfSignedIn, planted, wrongCode } from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addKey } from '../kit/keys.ts';
import { addProtectedPerson, appCode, enterPassword, readEnrolment } from '../kit/people.ts';

const RIGHT_ENTRY = 'Is it the right entry?';
const PHONE_CLOCK = 'Is the phone’s clock set automatically?';

describe.each(ENGINES)('help with the code, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  test('a wrong code is followed by hints; a first look is not', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    expect(textOf((await browser.get('/sign-in/factor')).body)).not.toContain(RIGHT_ENTRY);
    const wrong = await browser.post('/sign-in/factor/totp', { code: wrongCode(house, secret) });
    expect(textOf(wrong.body)).toContain(RIGHT_ENTRY);
    expect(textOf(wrong.body)).toContain(PHONE_CLOCK);
  });

  test('during a hold the page says what still works, and no hint about entries and clocks', async () => {
    const someone = await addProtectedPerson(house);
    await guessWrong(house, someone, 10);
    const browser = await halfSignedIn(house, someone.person);
    // Before anything is typed.
    const first = await browser.get('/sign-in/factor');
    expect([first.status, textOf(first.body).includes('sign-in codes are paused for 15 minutes')]).toEqual([
      200,
      true,
    ]);
    expect(textOf((await browser.get('/sign-in/factor?method=recovery-code')).body)).not.toContain('paused');
    const held = await browser.post('/sign-in/factor/totp', { code: appCode(house, someone.secret) });
    expect(held.status).toBe(429);
    const text = textOf(held.body);
    expect(text).toContain('sign-in codes are paused for 15 minutes. A recovery code still works.');
    expect(text).toContain('Use a recovery code');
    expect(text).not.toContain(RIGHT_ENTRY);
    expect(text).not.toContain(PHONE_CLOCK);
    await addKey(someone.browser, new Authenticator());
    const again = await halfSignedIn(house, someone.person);
    const withKey = await again.post('/sign-in/factor/totp', { code: appCode(house, someone.secret) });
    expect(textOf(withKey.body)).toContain('A security key or a recovery code still works.');
  });

  test('after a wrong code the browser is still to be trusted', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const box = /<input type="checkbox" id="f-trust"[^>]*>/;
    expect(box.exec((await browser.get('/sign-in/factor')).body)?.[0]).not.toContain('checked');
    const wrong = { code: wrongCode(house, secret) };
    const ticked = await browser.post('/sign-in/factor/totp', { ...wrong, trust: 'on' });
    expect(box.exec(ticked.body)?.[0]).toContain(' checked');
    expect(box.exec((await browser.post('/sign-in/factor/totp', wrong)).body)?.[0]).not.toContain('checked');
  });

  test('the fifth wrong code is told to be the last', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const tell = async () =>
      textOf((await browser.post('/sign-in/factor/totp', { code: wrongCode(house, secret) })).body);
    for (let count = 1; count < 5; count++)
      expect(await tell()).toContain('Wait for the next one and type it.');
    const last = await tell();
    expect(last).toContain('That was the last try: start again with your password.');
    expect(last).not.toContain('Wait for the next one');
  });

  test('where the clock is the fault, its sentence is the only hint', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    await browser.post('/sign-in/factor/totp', { code: appCode(house, secret, -6) });
    house.clock.advance(30_000);
    const slow = await browser.post('/sign-in/factor/totp', { code: appCode(house, secret, -6) });
    expect(textOf(slow.body)).toContain("Your phone's clock is about 3 minutes slow.");
    expect(textOf(slow.body)).not.toContain(PHONE_CLOCK);
    expect(textOf(slow.body)).toContain('then type the next code.');
    for (let count = 3; count < 5; count++)
      await browser.post('/sign-in/factor/totp', { code: appCode(house, secret, -6) });
    const last = textOf(
      (await browser.post('/sign-in/factor/totp', { code: appCode(house, secret, -6) })).body,
    );
    expect(last).toContain('then start again with your password.');
    expect(last).not.toContain('type the next code');
  });

  test('of two apps the one to be asked for first is named, and both work', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    const first = await factorIdOf(house, person);
    await browser.post(`/account/security/factors/${first}`, { label: 'Pixel' });
    const other = readEnrolment((await browser.get('/account/security/totp')).body);
    const added = await browser.submit('/account/security/totp', {
      code: appCode(house, other.secret),
      label: 'Tablet',
    });
    expect(textOf(added.body)).toContain('The authenticator app was added.');
    house.clock.advance(30_000);
    const asking = house.browser();
    await enterPassword(asking, person);
    const prompt = async () => textOf((await asking.get('/sign-in/factor')).body);
    expect(await prompt()).toContain('use the entry “Countersign: ann@example.org”.');
    const second = /factors\/([0-9a-f]{32})" aria-label="Manage: Tablet"/.exec(added.body)?.[1];
    for (const [id, label] of [
      [second, 'Tablet'],
      [first, 'Pixel'],
    ]) {
      expect((await browser.post(`/account/security/factors/${id}/prefer`)).status).toBe(303);
      expect(await prompt()).toContain(
        `use the entry “Countersign: ann@example.org” on “${label}”. Your other apps work too.`,
      );
    }
    expect((await asking.post('/sign-in/factor/totp', { code: appCode(house, secret) })).location).toBe('/');
    const again = house.browser();
    await enterPassword(again, person);
    const answer = await again.post('/sign-in/factor/totp', { code: appCode(house, other.secret) });
    expect(answer.location).toBe('/');
  });
});
