import { describe, expect, test } from 'vitest';
import { methodsOf } from '../../src/factors/choose-method.ts';
import {
  answerRecovery,
  answerTotp,
  freshCode,
  halfSignedIn,
  planted,
  recordsOf,
  seesAccount,
  sessionOf,
  somebody,
  somebodyProtected,
} from '../kit/attack-kit.ts';
import { textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { enterPassword, stepUp } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const shownCodes = (body: string) => [
  ...new Set(body.match(/\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b/g)),
];

const ASKS = '/sign-in/factor?method=recovery-code';

describe.each(ENGINES)('a recovery code instead of the app, on %s', (engine) => {
  const house = sharedHouse({ engine });

  test('the page behind the link asks for one code, in a field that is ready to type in', async () => {
    const { person, codes } = await planted(house);
    const browser = await halfSignedIn(house, person);
    expect((await browser.get('/sign-in/factor')).body).toContain(`href="${ASKS}"`);
    const { body } = await browser.get(ASKS);
    expect(textOf(body)).toContain('Recovery code');
    const [form = ''] =
      body.match(/<form[^>]*action="\/sign-in\/factor\/recovery-code"[\s\S]*?<\/form>/) ?? [];
    const [input = ''] = form.match(/<input[^>]*name="code"[^>]*>/) ?? [];
    expect(input).toContain('autofocus');
    // Letters and hyphens: a keyboard of digits alone could not type it.
    expect(input).not.toContain('inputmode="numeric"');
    expect(input).not.toContain('aria-invalid');
    const wrong = await answerRecovery(browser, 'ABCD-ABCD-ABCD-ABCD');
    expect(wrong.status).toBe(422);
    expect(textOf(wrong.body)).toContain('That recovery code is not right, or was used before.');
    expect(wrong.body).toMatch(/<input[^>]*name="code"[^>]*aria-invalid="true"/);
    expect((await answerRecovery(browser, codes[0] as string)).location).toBe('/');
  });

  test('R22: codes that were left behind are no way in for an account without a factor', async () => {
    expect(await methodsOf(house.app.deps, [])).toEqual([]);
  });

  test('R33: a used code is a wrong answer like any other: the fifth ends the sign-in', async () => {
    const { person, codes } = await planted(house);
    expect((await answerRecovery(await halfSignedIn(house, person), codes[0] as string)).location).toBe('/');
    const browser = await halfSignedIn(house, person);
    for (let tries = 0; tries < 5; tries++)
      expect((await answerRecovery(browser, codes[0] as string)).status).toBe(422);
    const late = await answerRecovery(browser, codes[1] as string);
    expect([late.status, late.location]).toEqual([303, '/sign-in']);
  });

  test('R33: what is no code costs a try as well, and so it does for somebody who has no set', async () => {
    const { person } = await planted(house);
    const { db } = house.app.database;
    await db.deleteFrom('recovery_code').where('account_id', '=', person.id).execute();
    await db.deleteFrom('recovery_code_set').where('account_id', '=', person.id).execute();
    const browser = await halfSignedIn(house, person);
    for (const code of ['', 'x', 'ABCD-ABCD-ABCD-ABCD', '0000-0000-0000-0000', '{}'])
      expect((await answerRecovery(browser, code)).status).toBe(422);
    expect((await browser.get('/sign-in/factor')).location).toBe('/sign-in');
  });

  test('the session says that a one-time code was given; the record says which one, and how many are left', async () => {
    const { person, codes } = await planted(house);
    const browser = await halfSignedIn(house, person);
    await answerRecovery(browser, codes[4] as string);
    const session = await sessionOf(house, browser);
    expect(session?.amr.split(' ').sort()).toEqual(['mfa', 'otp', 'pwd']);
    expect([session?.acr, session?.method]).toEqual(['mfa', 'recovery-code']);
    const [used] = await recordsOf(house, person, 'recovery_code.used');
    expect(JSON.parse(used?.detail ?? '')).toMatchObject({ number: 5, left: 9 });
  });

  test('"This wasn\'t me" in the mail about the last codes ends the session that used one', async () => {
    const { person, codes } = await planted(house);
    for (const code of codes.slice(0, 6)) await answerRecovery(await halfSignedIn(house, person), code);
    const thief = await halfSignedIn(house, person);
    await answerRecovery(thief, codes[6] as string);
    const low = (await house.mails(person.email)).find(({ subject }) => /running out/.test(subject));
    const { baseUrl } = house.app.deps.config;
    const link = low?.text.split('\n').find((line) => line.startsWith(`${baseUrl}/not-me`)) ?? '';
    const owner = house.browser();
    const page = await owner.get(link.slice(baseUrl.length));
    await owner.post('/not-me', { token: page.field('token') });
    expect(await seesAccount(thief)).toBe(false);
  });

  test('a new set is recorded and mailed, and "This wasn\'t me" ends the session that made it', async () => {
    const { person, browser: thief } = await somebodyProtected(house);
    await thief.get('/account/security/recovery-codes');
    await thief.post('/account/security/recovery-codes');
    expect(await recordsOf(house, person, 'recovery_codes.regenerated')).toHaveLength(1);
    const owner = house.browser();
    const page = await owner.get(await house.link(person.email, '/not-me'));
    await owner.post('/not-me', { token: page.field('token') });
    expect(await seesAccount(thief)).toBe(false);
  });

  test('while security changes rest, a set that was proposed before comes into force no more', async () => {
    const { person, secret, browser, codes } = await somebodyProtected(house);
    await browser.get('/account/security/recovery-codes');
    await house.app.database.db
      .updateTable('account')
      .set({ frozen_until_at: house.clock.now() + 60_000 })
      .where('id', '=', person.id)
      .execute();
    const refused = await browser.post(
      '/account/security/recovery-codes',
      {},
      { accept: 'application/json' },
    );
    expect([refused.status, refused.json<{ code: string }>().code]).toEqual([409, 'changes_frozen']);
    expect((await answerRecovery(await halfSignedIn(house, person), codes[0] as string)).location).toBe('/');
    expect((await answerTotp(await halfSignedIn(house, person), freshCode(house, secret))).location).toBe(
      '/',
    );
  });

  test('the button pressed twice, also at once: the set that was shown counts, and nobody reads otherwise', async () => {
    const { person, browser } = await somebodyProtected(house);
    const page = await browser.get('/account/security/recovery-codes');
    const shown = shownCodes(page.body);
    const press = () => browser.post('/account/security/recovery-codes', { set: page.field('set') });
    const answers = [...(await Promise.all([press(), press()])), await press()];
    expect(answers.map(({ location }) => location)).toEqual(Array(3).fill('/account/security'));
    expect(await recordsOf(house, person, 'recovery_codes.regenerated')).toHaveLength(1);
    const mails = (await house.mails(person.email)).map(({ subject }) => subject);
    expect(mails.filter((subject) => subject === 'New recovery codes were made')).toHaveLength(1);
    expect((await answerRecovery(await halfSignedIn(house, person), shown[0] as string)).location).toBe('/');
    // What comes next is a set of its own, and what the used one held is gone.
    const next = shownCodes((await browser.get('/account/security/recovery-codes')).body);
    expect(next.filter((code) => shown.includes(code))).toEqual([]);
    expect((await browser.post('/account/security/recovery-codes')).location).toBe('/account/security');
    expect((await answerRecovery(await halfSignedIn(house, person), shown[1] as string)).status).toBe(422);
    expect((await answerRecovery(await halfSignedIn(house, person), next[1] as string)).location).toBe('/');
  });

  test('a set that is shown no longer, or in an older tab, comes not into force: the page shows the one that may', async () => {
    const { person, secret, browser, codes } = await somebodyProtected(house);
    const old = await browser.get('/account/security/recovery-codes');
    house.clock.advance(10 * 60_000 + 1);
    await stepUp(house, browser, person, secret);
    const unseen = await browser.post('/account/security/recovery-codes', { set: old.field('set') });
    const now = shownCodes((await browser.get('/account/security/recovery-codes')).body);
    const older = await browser.post('/account/security/recovery-codes', { set: old.field('set') });
    for (const answer of [unseen, older]) {
      expect(answer.status).toBe(422);
      expect(answer.body).toContain('What you were shown or sent before has expired.');
      expect(shownCodes(answer.body)).toEqual(now);
    }
    expect((await answerRecovery(await halfSignedIn(house, person), codes[0] as string)).location).toBe('/');
    expect(
      (await browser.post('/account/security/recovery-codes', { set: older.field('set') })).location,
    ).toBe('/account/security');
    expect((await answerRecovery(await halfSignedIn(house, person), now[0] as string)).location).toBe('/');
  });

  test('a set that has been replaced since, here or in another browser, is not said to count by its old tab', async () => {
    const { person, secret, browser } = await somebodyProtected(house);
    const other = await halfSignedIn(house, person);
    await answerTotp(other, freshCode(house, secret));
    const path = '/account/security/recovery-codes';
    for (const next of [browser, other]) {
      const old = await browser.get(path);
      expect((await browser.post(path, { set: old.field('set') })).location).toBe('/account/security');
      expect((await next.post(path, { set: (await next.get(path)).field('set') })).location).toBe(
        '/account/security',
      );
      expect((await browser.post(path, { set: old.field('set') })).status).toBe(422);
    }
  });

  test('without 2FA there is no set to replace', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const answer = await browser.post('/account/security/recovery-codes', {}, { accept: 'application/json' });
    expect([answer.status, answer.json<{ code: string }>().code]).toEqual([409, 'no_two_factor']);
    expect((await browser.post('/account/security/recovery-codes')).status).toBe(409);
  });
});
