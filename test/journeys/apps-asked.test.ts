import { describe, expect, test } from 'vitest';
import {
  answerTotp,
  factorIdOf,
  freshCode,
  halfSignedIn,
  planted,
  seesAccount,
  sessionOf,
  somebody,
  somebodyProtected,
  tokenOf,
} from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, enterPassword, type Person, readEnrolment } from '../kit/people.ts';
import { plantedPhone } from '../kit/phones.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const TOTP = '/account/security/totp';
const JSON_ANSWER = { accept: 'application/json' };

describe.each(ENGINES)('authenticator apps, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const db = () => house.app.database.db;
  const input = (body: string) => /<input[^>]*name="code"[^>]*>/.exec(body)?.[0] ?? '';
  const change = (person: Person, values: { label?: string; last_used_at?: null }) =>
    db().updateTable('factor').set(values).where('account_id', '=', person.id).execute();

  /** One more app, set up by a browser that may. -> its secret */
  async function addApp(browser: Browser): Promise<string> {
    const { secret } = readEnrolment((await browser.get(TOTP)).body);
    const added = await browser.post(TOTP, { code: appCode(house, secret) });
    expect(added.status).toBe(303);
    return secret;
  }

  describe('the second step', () => {
    test('asks for digits in a field that is ready to type in, and tells a wrong code beside it', async () => {
      const { person } = await planted(house);
      const browser = await halfSignedIn(house, person);
      const { body } = await browser.get('/sign-in/factor');
      expect(body).toContain('action="/sign-in/factor/totp"');
      for (const part of ['autofocus', 'inputmode="numeric"', 'autocomplete="one-time-code"'])
        expect(input(body)).toContain(part);
      expect(input(body)).not.toContain('aria-invalid');
      for (const code of ['abc', '']) {
        const wrong = await answerTotp(browser, code);
        expect([wrong.status, input(wrong.body).includes('aria-invalid="true"')]).toEqual([422, true]);
      }
    });

    test('names the entry, when it was added, and the app where its person gave it a name', async () => {
      const { person } = await planted(house);
      const asked = async () =>
        textOf((await (await halfSignedIn(house, person)).get('/sign-in/factor')).body);
      const entry = `use the entry “Countersign: ${person.email}”, added `;
      expect(await asked()).toMatch(new RegExp(`${entry}[^“”]*\\d[^“”]*\\.`));
      expect(await asked()).not.toContain('Authenticator app”');
      await change(person, { label: 'Pixel' });
      expect(await asked()).toMatch(new RegExp(`${entry}.*\\d.* on “Pixel”\\.`));
    });

    test('offers no app to whoever has none', async () => {
      const { person } = await plantedPhone(house);
      await db()
        .deleteFrom('factor')
        .where('account_id', '=', person.id)
        .where('kind', '=', 'totp')
        .execute();
      const { body } = await (await halfSignedIn(house, person)).get('/sign-in/factor');
      expect(body).not.toContain('method=totp');
      expect(body).not.toContain('/sign-in/factor/totp');
    });

    test('an app from another system comes without recovery codes: told at its first use, and only then', async () => {
      const { person, secret } = await planted(house);
      for (const table of ['recovery_code', 'recovery_code_set'] as const)
        await db().deleteFrom(table).where('account_id', '=', person.id).execute();
      const told = async () =>
        (await house.mails(person.email)).filter(({ subject }) => /recovery codes/.test(subject));
      const thief = await halfSignedIn(house, person);
      await answerTotp(thief, freshCode(house, secret));
      const [mail] = await told();
      expect(mail?.text).toContain('No recovery codes are left.');
      await answerTotp(await halfSignedIn(house, person), freshCode(house, secret));
      expect(await told()).toHaveLength(1);

      const owner = house.browser();
      const { baseUrl } = house.app.deps.config;
      const link = mail?.text.split('\n').find((line) => line.startsWith(`${baseUrl}/not-me`)) ?? '';
      const page = await owner.get(link.slice(baseUrl.length));
      await owner.post('/not-me', { token: page.field('token') });
      expect(await seesAccount(thief)).toBe(false);
    });

    test('with recovery codes nothing is told', async () => {
      const { person, secret } = await planted(house);
      await answerTotp(await halfSignedIn(house, person), freshCode(house, secret));
      expect((await house.mails(person.email)).map(({ subject }) => subject)).not.toContain(
        'Your recovery codes are running out',
      );
    });
  });

  describe('setting one up', () => {
    test('makes the session one of two steps, by a one-time code', async () => {
      const browser = house.browser();
      await enterPassword(browser, await somebody(house));
      await addApp(browser);
      const session = await sessionOf(house, browser);
      expect(session?.amr.split(' ').sort()).toEqual(['mfa', 'otp', 'pwd']);
      expect([session?.acr, session?.method]).toEqual(['mfa', 'totp']);
    });

    test('what is no code, and a wrong one, is told beside the field', async () => {
      const browser = house.browser();
      await enterPassword(browser, await somebody(house));
      await browser.get(TOTP);
      for (const code of ['', 'abcdef', '12345']) {
        const wrong = await browser.post(TOTP, { code });
        expect([wrong.status, input(wrong.body).includes('aria-invalid="true"')], code).toEqual([422, true]);
      }
    });

    test('five are enough, and a sixth is refused before and after its code', async () => {
      const { person, browser } = await somebodyProtected(house);
      for (let count = 2; count <= 4; count++) await addApp(browser);
      const { secret } = readEnrolment((await browser.get(TOTP)).body);
      const [app] = await db().selectFrom('factor').selectAll().where('account_id', '=', person.id).execute();
      await db()
        .insertInto('factor')
        .values({ ...(app as NonNullable<typeof app>), id: `fifth-${person.id}` })
        .execute();
      const late = await browser.post(TOTP, { code: appCode(house, secret) }, JSON_ANSWER);
      expect([late.status, late.json<{ code: string }>().code]).toEqual([409, 'too_many_factors']);
      expect((await browser.get(TOTP, JSON_ANSWER)).json<{ code: string }>().code).toBe('too_many_factors');
    });

    test('in place of another: of one’s own, and of no other; the session goes on as it was', async () => {
      const { person, browser } = await somebodyProtected(house);
      const stranger = await planted(house);
      for (const id of ['0'.repeat(32), await factorIdOf(house, stranger.person)]) {
        expect((await browser.get(`${TOTP}?replaces=${id}`)).status).toBe(404);
        expect((await browser.post(TOTP, { code: '123456', replaces: id })).status).toBe(404);
      }
      const id = await factorIdOf(house, person);
      const { secret } = readEnrolment((await browser.get(`${TOTP}?replaces=${id}`)).body);
      const before = new Map(browser.cookies);
      const done = await browser.post(TOTP, { code: appCode(house, secret), replaces: id });
      expect([done.status, done.location]).toEqual([303, '/account/security']);
      expect(browser.cookies.get('session')).toBe(before.get('session'));
      expect([...browser.cookies.keys()].sort()).toEqual([...new Set([...before.keys(), 'notice'])].sort());
    });

    test('R46: whoever may only enrol takes no app’s place, not even their own', async () => {
      const { person } = await planted(house);
      const boss = await somebody(house, { roles: 'admin' });
      const browser = house.browser();
      await enterPassword(browser, boss);
      await browser.post('/enrol', { token: tokenOf(await house.link(boss.email, '/enrol')) });
      expect((await browser.get(TOTP)).status).toBe(200);
      // As after a temporary pass, which leaves everything where it is until something new is proven.
      const id = await factorIdOf(house, person);
      await db().updateTable('factor').set({ account_id: boss.id }).where('id', '=', id).execute();
      expect((await browser.get(`${TOTP}?replaces=${id}`)).status).toBe(404);
    });

    test('while security changes rest that is what is said, and not that the code is wrong', async () => {
      const { person, browser } = await somebodyProtected(house);
      await browser.get(TOTP);
      await db()
        .updateTable('account')
        .set({ frozen_until_at: house.clock.now() + 60_000 })
        .where('id', '=', person.id)
        .execute();
      const refused = await browser.post(TOTP, { code: '000000' }, JSON_ANSWER);
      expect([refused.status, refused.json<{ code: string }>().code]).toEqual([409, 'changes_frozen']);
    });
  });
});
