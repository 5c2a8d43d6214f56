import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  answerRecovery,
  answerTotp,
  countOf,
  freshCode,
  halfSignedIn,
  MINUTE,
  type Protected,
  planted,
  recordsOf,
  seesAccount,
  sessionOf,
  somebody,
  somebodyProtected,
} from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addKey, answerKey, boundElsewhere, optionsOf, usePasskey, withKey } from '../kit/keys.ts';
import { appCode, enableApp, enterPassword } from '../kit/people.ts';
import { answerText, enrolPhone, PHONE, plantedPhone, sendText, textedCode } from '../kit/phones.ts';
import { setValue } from '../kit/rules-kit.ts';

const METHODS = '/admin/rules/methods';
const SECURITY = '/account/security';

describe.each(ENGINES)('which methods are accepted, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  const db = () => house.app.database.db;
  const forbid = (...kinds: string[]) => setValue(house, 'forbidden_factors', kinds);

  describe('an administrator', () => {
    let boss: Protected & { readonly browser: Browser };
    beforeEach(async () => {
      boss = await somebodyProtected(house, { name: 'Boss', roles: 'admin' });
    });

    const preview = (ticked: Record<string, string>) =>
      boss.browser.get(`${METHODS}/preview?${new URLSearchParams(ticked)}`);

    test('R69: is told first who has a method and who has nothing else; then it holds, and is on record', async () => {
      const both = await plantedPhone(house);
      const { person: ann } = await planted(house, { name: 'Ann Appsworth' });
      await somebody(house, { name: 'Bob' });
      const withoutApp = { sms: 'on', webauthn: 'on' };
      const report = textOf((await preview(withoutApp)).body);
      expect(report).toContain('These would be accepted: Phone and Security key.');
      expect(report).toContain('People with: Authenticator app 3 (no longer asked for at sign-in)');
      expect(report).toContain('People with nothing else 2');
      expect(report).toContain('Ann Appsworth');
      expect(report).not.toContain(both.person.email);
      expect(await db().selectFrom('policy_value').selectAll().execute()).toEqual([]);

      const done = await boss.browser.submit(METHODS, withoutApp);
      expect(textOf(done.body)).toContain('Saved. It applies from now on.');
      expect(textOf(done.body)).toContain(
        'Authenticator app not accepted Phone accepted Security key accepted',
      );
      expect((await enterPassword(house.browser(), ann)).location).toBe('/sign-in/factor');
      const rows = await db()
        .selectFrom('audit_event')
        .selectAll()
        .where('event', '=', 'policy.value_set')
        .execute();
      expect(rows.map(({ detail }) => JSON.parse(detail))).toEqual([
        { key: 'forbidden_factors', old: '', new: 'totp' },
      ]);
    });

    test('is not let forbid whatever somebody could begin with', async () => {
      for (const ticked of [{}, { webauthn: 'on' }] as Record<string, string>[]) {
        for (const answer of [await preview(ticked), await boss.browser.post(METHODS, ticked)]) {
          expect(answer.status).toBe(409);
          expect(textOf(answer.body)).toContain('Nobody could turn on two-factor authentication then.');
        }
      }
      // A key may come first: then keys alone will do.
      const keysAlone = { webauthn: 'on', keys_first: 'on' };
      expect((await preview(keysAlone)).status).toBe(200);
      expect((await boss.browser.post(METHODS, keysAlone)).status).toBe(303);
      expect((await boss.browser.post(METHODS, { webauthn: 'on' })).status).toBe(409);
      expect((await boss.browser.post(METHODS, { totp: 'on', word: 'on' })).status).toBe(400);
      expect((await boss.browser.post(METHODS, { totp: 'yes' })).status).toBe(400);
    });

    test('without a step-up nothing changes', async () => {
      house.clock.advance(11 * MINUTE);
      expect((await boss.browser.get(METHODS)).location).toMatch(/^\/confirm/);
      expect((await boss.browser.post(METHODS, { totp: 'on' })).location).toMatch(/^\/confirm/);
      expect(await db().selectFrom('policy_value').selectAll().execute()).toEqual([]);
    });
  });

  test('a method that is not accepted is neither offered nor set up', async () => {
    const { browser } = await somebodyProtected(house);
    await forbid('sms', 'webauthn');
    const page = textOf((await browser.get(SECURITY)).body);
    expect(page).toContain('Add an authenticator app');
    expect(page).not.toContain('Add a phone');
    expect(page).not.toContain('Add a security key');
    for (const path of [`${SECURITY}/keys`]) expect((await browser.get(path)).status, path).toBe(409);
    const refused = await browser.post(`${SECURITY}/sms`, { phone: PHONE });
    expect([refused.status, textOf(refused.body)]).toEqual([
      409,
      expect.stringContaining('doesn’t accept this method'),
    ]);
    expect(await house.mails(PHONE)).toEqual([]);
    await forbid('totp');
    expect((await browser.get(`${SECURITY}/totp`)).status).toBe(409);
  });

  test('nor is one of its kind offered in its place', async () => {
    const { browser } = await somebodyProtected(house);
    const [app] = await db().selectFrom('factor').select('id').execute();
    const ownPage = async () => (await browser.get(`${SECURITY}/factors/${app?.id}`)).body;
    expect(await ownPage()).toContain(`${SECURITY}/totp?replaces=`);
    await forbid('totp');
    expect(await ownPage()).not.toContain('replaces=');
    expect(textOf(await ownPage())).toContain('Remove');
  });

  test('what was shown before it was forbidden is not switched on after', async () => {
    const ann = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, ann);
    const shown = await browser.get(`${SECURITY}/totp`);
    const secret = /data-text="([A-Z2-7]{32})"/.exec(shown.body)?.[1] as string;
    await forbid('totp');
    expect((await browser.post(`${SECURITY}/totp`, { code: appCode(house, secret) })).status).toBe(409);
    expect(await countOf(house, 'factor', ann)).toBe(0);
  });

  test('whoever has another one is asked for that, and the forbidden one answers nothing, costs no try, sends nothing', async () => {
    const { person, secret, number } = await plantedPhone(house);
    const { browser: early, code } = await textedCode(house, person, number);
    await forbid('sms');
    const before = (await house.mails(number)).length;
    expect((await answerText(early, code)).status).toBe(409);
    expect(await seesAccount(early)).toBe(false);
    const browser = await halfSignedIn(house, person);
    expect((await browser.get('/sign-in/factor')).body).not.toContain('method=sms');
    expect((await sendText(browser)).status).toBe(409);
    expect((await house.mails(number)).length).toBe(before);
    house.clock.advance(MINUTE);
    expect((await answerTotp(browser, appCode(house, secret))).location).toBe('/');
    expect(await seesAccount(browser)).toBe(true);
    const report = textOf((await browser.get(SECURITY)).body);
    expect(report).toContain('Your account is protected by an authenticator app.');
    expect(report).toContain('no longer accepted');
  });

  test('whoever has nothing else proves it once more, and sets up another one before anything opens', async () => {
    const { person, secret } = await planted(house);
    await forbid('totp');
    const browser = await halfSignedIn(house, person);
    const answer = await answerTotp(browser, appCode(house, secret));
    expect(answer.location).toBe(SECURITY);
    expect(await sessionOf(house, browser)).toBeNull();
    expect(await seesAccount(browser)).toBe(false);
    const page = textOf((await browser.get(SECURITY)).body);
    expect(page).toContain('Set up another second step');
    expect(page).toContain('Add a phone for text messages');
    expect(page).not.toContain('authenticator app');
    expect((await browser.get('/account')).location).toBe(SECURITY);
    expect((await browser.get(`${SECURITY}/totp`)).status).toBe(409);
    expect((await browser.get(`${SECURITY}/keys`)).status).toBe(409);

    // Not a first factor: no new recovery codes, and the old one stays until its owner removes it.
    expect(await enrolPhone(house, browser, PHONE)).toEqual([]);
    expect(await seesAccount(browser)).toBe(true);
    expect(await sessionOf(house, browser)).toMatchObject({ acr: 'mfa', amr: 'pwd sms mfa', method: 'sms' });
    expect(await countOf(house, 'factor', person)).toBe(2);
    expect(await recordsOf(house, person, 'sign_in.enrolment_only')).toHaveLength(1);
    const again = await halfSignedIn(house, person);
    expect(textOf((await again.get('/sign-in/factor')).body)).not.toContain('authenticator app');
    expect((await answerTotp(again, appCode(house, secret))).status).toBe(409);
  });

  test('a recovery code leads there too, is used up, and the mail says so', async () => {
    const { person, codes } = await planted(house);
    await forbid('totp');
    const browser = await halfSignedIn(house, person);
    expect((await answerRecovery(browser, codes[0] as string)).location).toBe(SECURITY);
    expect(await seesAccount(browser)).toBe(false);
    expect(textOf((await browser.get(SECURITY)).body)).toContain('Set up another second step');
    const subjects = (await house.mails(person.email)).map(({ subject }) => subject);
    expect(subjects).toContain('A recovery code was used');
    const other = await halfSignedIn(house, person);
    expect((await answerRecovery(other, codes[0] as string)).status).toBe(422);
  });

  test('a trusted browser is not trusted for it', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    await browser.post('/sign-in/factor/totp', { code: appCode(house, secret), trust: 'on' });
    house.clock.advance(MINUTE);
    expect((await enterPassword(browser, person)).location).toBe('/');
    await forbid('totp');
    expect((await enterPassword(browser, person)).location).toBe('/sign-in/factor');
    await forbid();
    expect((await enterPassword(browser, person)).location).toBe('/');
  });

  test('nor where the accepted one beside it is a key that works at another host name alone; nor does a recovery code do', async () => {
    const { person, secret, codes, browser } = await somebodyProtected(house);
    await addKey(browser, new Authenticator(), { label: 'Blue' });
    const half = await halfSignedIn(house, person);
    await half.post('/sign-in/factor/totp', { code: freshCode(house, secret), trust: 'on' });
    await boundElsewhere(house);
    expect((await enterPassword(half, person)).location).toBe('/');
    await forbid('totp');
    expect((await enterPassword(half, person)).location).toBe('/sign-in/factor');
    expect((await answerRecovery(half, codes[0] as string)).location).toBe(SECURITY);
    expect(await seesAccount(half)).toBe(false);
  });

  test('keys forbidden: no passkey signs in, the button is gone; with the password the key still leads to another method', async () => {
    const { person, key } = await withKey(house);
    await db().deleteFrom('factor').where('kind', '=', 'totp').execute();
    const asked = house.browser();
    // Asked before the rule changed, answered after.
    const options = optionsOf(await asked.get('/sign-in'), '/sign-in/passkey');
    await forbid('webauthn');
    expect((await house.browser().get('/sign-in')).body).not.toContain('/sign-in/passkey');
    expect((await asked.post('/sign-in/passkey', { credential: key.get(options) })).status).toBe(409);
    expect(await seesAccount(asked)).toBe(false);
    const browser = await halfSignedIn(house, person);
    expect((await answerKey(browser, key)).location).toBe(SECURITY);
    expect(await seesAccount(browser)).toBe(false);
    await enableApp(house, browser);
    expect(await seesAccount(browser)).toBe(true);
  });

  test('a live session goes on, its step-up takes what there is, and the last accepted one can’t be removed', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    await forbid('totp');
    house.clock.advance(11 * MINUTE);
    expect(await seesAccount(browser)).toBe(true);
    expect(textOf((await browser.get(SECURITY)).body)).toContain('Add another method now');
    await browser.post('/confirm', { password: person.password });
    expect((await browser.post('/confirm/factor/totp', { code: appCode(house, secret) })).status).toBe(303);
    await enrolPhone(house, browser, PHONE);
    const phone = await db()
      .selectFrom('factor')
      .select('id')
      .where('kind', '=', 'sms')
      .executeTakeFirstOrThrow();
    expect((await browser.post(`${SECURITY}/factors/${phone.id}/remove`)).location).toBe(
      `${SECURITY}/disable`,
    );
    const app = await db()
      .selectFrom('factor')
      .select('id')
      .where('kind', '=', 'totp')
      .executeTakeFirstOrThrow();
    expect((await browser.post(`${SECURITY}/factors/${app.id}/remove`)).location).toBe(SECURITY);
    expect(await countOf(house, 'factor', person)).toBe(1);
  });

  test('a key stands beside an accepted factor only, unless keys may come first', async () => {
    const { browser } = await somebodyProtected(house);
    await forbid('totp');
    const refused = await browser.get(`${SECURITY}/keys`);
    expect(refused.status).toBe(409);
    // Nobody is led to an app, which is not accepted.
    expect(textOf(refused.body)).toContain('Set up another method first.');
    expect(refused.body).not.toContain(`${SECURITY}/totp`);
    expect(textOf((await browser.get(SECURITY)).body)).not.toContain('Add a security key');
    await setValue(house, 'keys_first', 'allowed');
    expect((await browser.get(`${SECURITY}/keys`)).body).not.toContain(`${SECURITY}/totp`);
    expect(textOf((await browser.get(SECURITY)).body)).toContain('Add a security key');
    expect((await addKey(browser, new Authenticator(), { label: 'Blue' })).status).toBe(303);
  });

  test('without a factor, the page offers what can be the first, in that order', async () => {
    const ann = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, ann);
    const links = async () =>
      [...(await browser.get(SECURITY)).body.matchAll(/href="(\/account\/security\/[a-z]+)"/g)].map(
        ([, href]) => href,
      );
    expect(await links()).toEqual([`${SECURITY}/totp`, `${SECURITY}/sms`]);
    await setValue(house, 'keys_first', 'allowed');
    await forbid('totp', 'sms');
    expect(await links()).toEqual([`${SECURITY}/keys`]);
    const first = await addKey(browser, new Authenticator(), { label: 'Blue' });
    expect(first.location).toBe(SECURITY);
    expect((await usePasskey(house.browser(), new Authenticator())).status).toBe(422);
  });
});

test('where text messages are no longer sent, nobody is led to a page for another number that is not there', async () => {
  const env = {
    BASE_URL: 'https://id.example.org',
    SMTP_URL: 'smtp://127.0.0.1:25',
    SUPPORT_EMAIL: 'help@example.org',
  };
  const house = await openHouse({ env });
  try {
    const { person, secret } = await plantedPhone(house);
    const browser = await halfSignedIn(house, person);
    expect((await answerTotp(browser, appCode(house, secret))).status).toBe(303);
    const factors = await house.app.database.db.selectFrom('factor').select(['id', 'kind']).execute();
    const ownPage = async (kind: string) =>
      textOf((await browser.get(`${SECURITY}/factors/${factors.find((one) => one.kind === kind)?.id}`)).body);
    expect(await ownPage('totp')).toContain('Replace');
    expect(await ownPage('sms')).toContain('Remove');
    expect(await ownPage('sms')).not.toContain('Replace');
    expect((await browser.get(`${SECURITY}/sms`)).status).toBe(404);
  } finally {
    await house.close();
  }
});
