import { afterEach, describe, expect, test } from 'vitest';
import { answerRecovery, answerTotp, halfSignedIn, signInAgain } from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addKey, boundElsewhere, keyRow } from '../kit/keys.ts';
import { addPerson, addProtectedPerson, appCode, enterPassword, type Person } from '../kit/people.ts';
import { enrolPhone, plantedPhone, recoveryCodesIn } from '../kit/phones.ts';
import { administrator } from '../kit/recovery-kit.ts';
import { setValue } from '../kit/rules-kit.ts';

const SECURITY = '/account/security';
const NO_GATEWAY = {
  BASE_URL: 'https://id.example.org',
  SMTP_URL: 'smtp://127.0.0.1:25',
  SUPPORT_EMAIL: 'help@example.org',
};

// What is enrolled and can't answer here protects nobody, and nobody may count on it (screen 8).

describe.each(ENGINES)('what is enrolled and does not work here, on %s', (engine) => {
  let house: House;
  afterEach(() => house.close());

  const overview = async (browser: Browser) => {
    const { body } = await browser.get(SECURITY);
    return textOf(body.slice(body.indexOf('<main')));
  };

  const bindKeysElsewhere = () => boundElsewhere(house);

  test('a key of another host name is not said to help when the phone is lost', async () => {
    house = await openHouse({ engine });
    const { browser, person } = await addProtectedPerson(house);
    await addKey(browser, new Authenticator(), { label: 'Blue' });
    await browser.get(SECURITY);
    expect(await overview(browser)).toContain('You could still sign in with “Blue”.');
    await bindKeysElsewhere();
    const page = await overview(browser);
    expect(page).toContain('Your account is protected by an authenticator app. Losing');
    expect(page).toContain('works only at old.example.org');
    expect(page).not.toContain('You could still sign in with');
    expect(page).toContain('You could sign in with one of your 10 recovery codes.');
    // Nor is it in the mail of a hold.
    const half = await halfSignedIn(house, person);
    for (let n = 0; n < 5; n++) await answerTotp(half, `00000${n}`);
    const again = await halfSignedIn(house, person);
    for (let n = 0; n < 5; n++) await answerTotp(again, `00000${n}`);
    const [held] = (await house.mails(person.email)).filter(({ subject }) => subject.includes('paused'));
    expect(held?.text).toContain('Recovery codes still work');
    expect(held?.text).not.toContain('Security keys');
  });

  test('administrators see that such a person is one loss away from being locked out', async () => {
    house = await openHouse({ engine });
    const ann = await addProtectedPerson(house);
    await addKey(ann.browser, new Authenticator(), { label: 'Blue' });
    await bindKeysElsewhere();
    const { db } = house.app.database;
    await db
      .updateTable('recovery_code')
      .set({ used_at: 1 })
      .where('account_id', '=', ann.person.id)
      .execute();
    expect(await overview(ann.browser)).toContain('You would be locked out.');
    const admin = await administrator(house, 'Ada');
    const page = await (await signInAgain(house, admin)).get('/admin/overview/at-risk');
    expect(textOf(page.body)).toContain(ann.person.email);
  });

  test('where text messages are off, a phone is said to be off, and protects nothing', async () => {
    house = await openHouse({ engine, env: NO_GATEWAY });
    const { person, secret } = await plantedPhone(house);
    const browser = await halfSignedIn(house, person);
    await answerTotp(browser, appCode(house, secret));
    const { db } = house.app.database;
    await db.updateTable('factor').set({ preferred: 1 }).where('kind', '=', 'sms').execute();
    const page = await overview(browser);
    expect(page).toContain('Your account is protected by an authenticator app. Losing');
    expect(page).toContain('text messages are off here');
    expect(page).not.toContain('asked first');
    const next = await (await halfSignedIn(house, person)).get('/sign-in/factor');
    expect(textOf(next.body)).toContain('Type the code from your app');
  });

  test('R15: a phone of a country that is no longer served protects nothing, and is not asked', async () => {
    house = await openHouse({ engine, env: { SMS_COUNTRIES: 'PT' } });
    const { person, secret, codes } = await plantedPhone(house, '+34600123456');
    const { person: other } = await plantedPhone(house, '+351912345678');
    const ways = async (whose: Person) =>
      (await (await halfSignedIn(house, whose)).get('/sign-in/factor')).body.match(/method=[\w-]+/g);
    expect(await ways(person)).toEqual(['method=recovery-code']);
    expect(await ways(other)).toEqual(['method=sms', 'method=recovery-code']);
    const browser = await halfSignedIn(house, person);
    await answerTotp(browser, appCode(house, secret));
    const page = await overview(browser);
    expect(page).toContain('Your account is protected by an authenticator app. Losing');
    expect(page).toContain('•• 56, no messages are sent to its country');
    // Nor may it be what remains.
    const { db } = house.app.database;
    const app = db.selectFrom('factor').select('id').where('account_id', '=', person.id);
    const { id } = await app.where('kind', '=', 'totp').executeTakeFirstOrThrow();
    const left = await browser.post(`${SECURITY}/factors/${id}/remove`);
    expect(left.location).toBe(`${SECURITY}/disable`);
    await db.deleteFrom('factor').where('id', '=', id).execute();
    expect(await overview(browser)).toContain('Your second step no longer works');
    const half = await halfSignedIn(house, person);
    expect(textOf((await half.get('/sign-in/factor')).body)).not.toContain('Get a code by text');
    expect((await answerRecovery(half, codes[0] as string)).location).toBe('/');
  });

  test('all that works is not accepted any more, though something that is accepted is there and dead', async () => {
    house = await openHouse({ engine });
    const { browser } = await addProtectedPerson(house);
    await addKey(browser, new Authenticator(), { label: 'Blue' });
    await bindKeysElsewhere();
    await setValue(house, 'forbidden_factors', ['totp']);
    expect(await overview(browser)).toContain('Your organisation no longer accepts that.');
  });

  test('who has nothing that works is told so, and that codes are all there is', async () => {
    house = await openHouse({ engine, env: NO_GATEWAY });
    const { person, codes } = await plantedPhone(house);
    const { db } = house.app.database;
    await db.deleteFrom('factor').where('account_id', '=', person.id).where('kind', '=', 'totp').execute();
    const browser = await halfSignedIn(house, person);
    expect((await answerRecovery(browser, codes[0] as string)).location).toBe('/');
    const page = await overview(browser);
    expect(page).toContain(
      'Your second step no longer works, so only recovery codes sign you in. Add another method now.',
    );
    expect(page).not.toContain('protected by');
    expect(page).not.toContain('Your organisation');
  });

  test('the same where a copy was found of the only key', async () => {
    house = await openHouse({ engine });
    const { db } = house.app.database;
    await db.insertInto('policy_value').values({ key: 'keys_first', value: 'allowed' }).execute();
    const person = await addPerson(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const codes = recoveryCodesIn((await browser.get(`${SECURITY}/keys`)).body);
    await addKey(browser, new Authenticator(), { label: 'Blue' });
    expect(await overview(browser)).toContain(
      'Your account is protected by a security key. Losing it would not lock you out: you have recovery codes.',
    );
    await db.updateTable('recovery_code').set({ used_at: 1 }).where('number', '>', 1).execute();
    expect(await overview(browser)).toContain('If you lost your key, you would have one recovery code left.');
    await db.updateTable('factor').set({ suspended_at: house.clock.now() }).execute();
    const half = await halfSignedIn(house, person);
    await answerRecovery(half, codes[0] as string);
    expect(await overview(half)).toContain('Your second step no longer works');
    await db.updateTable('factor').set({ suspended_at: null }).execute();
    expect(await overview(half)).toContain('Losing your key would lock you out');
  });

  test('the page of a suspended key says so, and offers nothing that it can’t do', async () => {
    house = await openHouse({ engine });
    const { browser } = await addProtectedPerson(house);
    const { db } = house.app.database;
    const blue = new Authenticator();
    await addKey(browser, blue, { label: 'Blue' });
    const path = `${SECURITY}/factors/${(await keyRow(house, blue))?.id}`;
    expect(textOf((await browser.get(path)).body)).toContain('Ask for this one first');
    await db.updateTable('factor').set({ suspended_at: 1 }).where('kind', '=', 'webauthn').execute();
    const page = textOf((await browser.get(path)).body);
    expect(page).toContain('It is suspended and doesn’t sign you in.');
    expect(page).not.toContain('Ask for this one first');
    expect(page).not.toContain('keeps working');
    expect(page).not.toContain('stops working');
    // Of the others the only one that works is asked for first anyhow.
    const app = await db
      .selectFrom('factor')
      .select('id')
      .where('kind', '=', 'totp')
      .executeTakeFirstOrThrow();
    expect(textOf((await browser.get(`${SECURITY}/factors/${app.id}`)).body)).not.toContain(
      'Asked for first',
    );
    await db.updateTable('factor').set({ suspended_at: null }).where('kind', '=', 'webauthn').execute();
    await bindKeysElsewhere();
    expect(textOf((await browser.get(path)).body)).toContain('It doesn’t sign you in here.');
  });

  test('an undone phone takes the place of the one that is there, also where that one was added anew', async () => {
    house = await openHouse({ engine });
    const { browser, person } = await addProtectedPerson(house);
    const phones = () =>
      house.app.database.db.selectFrom('factor').select(['id', 'label']).where('kind', '=', 'sms').execute();
    await enrolPhone(house, browser, '+34600000001', { label: 'Old' });
    await enrolPhone(house, browser, '+34600000002', { label: 'Second' });
    const undo = await house.link(person.email, '/undo');
    const [second] = await phones();
    await browser.post(`${SECURITY}/factors/${second?.id}/remove`);
    await enrolPhone(house, browser, '+34600000003', { label: 'Third' });
    const token = new URL(undo, 'http://localhost').searchParams.get('token') ?? '';
    expect((await house.browser().post('/undo', { token })).status).toBe(303);
    expect((await phones()).map(({ label }) => label)).toEqual(['Old']);
  });
});
