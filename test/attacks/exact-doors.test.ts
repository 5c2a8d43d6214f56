import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeInvitation } from '../../src/accounts/create-account.ts';
import { findAccount } from '../../src/accounts/store.ts';
import {
  answerTotp,
  countOf,
  HOUR,
  halfSignedIn,
  planted,
  recordsOf,
  securityOf,
  somebody,
  someEmail,
  tokenOf,
} from '../kit/attack-kit.ts';
import type { Browser, Page } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { appCode, enterPassword, isSignedIn, PASSWORD, type Person, suspend } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const JSON_ONLY = { accept: 'application/json' };
const clearedBy = ({ headers }: Page) =>
  [headers['set-cookie'] ?? []]
    .flat()
    .filter((cookie) => /Max-Age=0/i.test(cookie))
    .map((cookie) => cookie.split('=')[0])
    .toSorted();
const told = (answer: Page) => {
  const { code, fields = {} } = answer.json() as { code: string; fields?: Record<string, string> };
  return [answer.status, code, Object.keys(fields).toSorted()];
};

/** What each door into an account lets in, and what it leaves alone: the conditions one by one. */
describe.each(ENGINES)('the doors, exactly, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const db = () => house.app.database.db;

  const change = (person: Person, values: Record<string, unknown>) =>
    db().updateTable('account').set(values).where('id', '=', person.id).execute();
  const accountOf = async (person: Person) => (await findAccount(db(), person.id))!;

  async function invitationOf(person: Person): Promise<string> {
    const account = await accountOf(person);
    return house.app.database.transaction((tx) => makeInvitation(tx, house.app.deps, account));
  }

  /** Somebody for whom an account waits; `proven`: somebody has vouched for the address. */
  async function invited(values: Parameters<typeof somebody>[1] = {}) {
    const person = await somebody(house, values);
    await change(person, { password_hash: null });
    return { person, token: await invitationOf(person) };
  }

  const accept = (token: string, more: Record<string, string> = {}, by = house.browser()) =>
    by.post('/invitation', { token, name: 'Nora New', password: PASSWORD, ...more }, JSON_ONLY);
  const opens = async (token: string) =>
    (await house.browser().get(`/invitation?token=${token}`)).status === 200;

  describe('an invitation', () => {
    test.each([
      ['was suspended', { suspended_at: 1 }],
      ['changed meanwhile', { security_version: 77 }],
    ])('R43: does not open for an account that %s', async (_what, values) => {
      const { person, token } = await invited();
      expect(await opens(token)).toBe(true);
      await change(person, values);
      expect(await opens(token)).toBe(false);
      expect(told(await accept(token))).toEqual([422, 'link_invalid', []]);
      expect((await accountOf(person)).password_hash).toBeNull();
    });

    test('R43: is no way to reset a password, not even the link that was never used', async () => {
      const { person, token } = await invited();
      expect((await accept(token)).status).toBe(303);
      const { password_hash: chosen, security_version } = await accountOf(person);
      await db()
        .updateTable('link')
        .set({ used_at: null, security_version })
        .where('account_id', '=', person.id)
        .execute();
      expect(await opens(token)).toBe(false);
      expect(told(await accept(token, { password: 'another-calm-otter-77' }))).toEqual([
        422,
        'link_invalid',
        [],
      ]);
      expect((await accountOf(person)).password_hash).toBe(chosen);
      expect((await recordsOf(house, person, 'account.password_set')).length).toBe(1);
    });

    test('tells what is wrong with which field, and with no other', async () => {
      const { token } = await invited();
      expect(told(await accept(token, { name: ' ' }))).toEqual([422, 'invalid_input', ['name']]);
      expect(told(await accept(token, { password: 'short' }))).toEqual([422, 'invalid_input', ['password']]);
      expect(told(await accept(token, { name: '', password: '' }))).toEqual([
        422,
        'invalid_input',
        ['name', 'password'],
      ]);
      expect((await accept(token)).status).toBe(303);
    });

    test('R47: leaves the second step of who has proven the address before; R29: and then asks for no other', async () => {
      const { person } = await planted(house, { roles: 'admin' });
      const before = await countOf(house, 'factor', person);
      await change(person, { password_hash: null });
      const browser = house.browser();
      expect((await accept(await invitationOf(person), {}, browser)).status).toBe(303);
      expect((await accountOf(person)).two_factor_at).not.toBeNull();
      expect(await countOf(house, 'factor', person)).toBe(before);
      expect(browser.cookies.has('enrolment')).toBe(false);
      expect((await enterPassword(browser, person)).location).toBe('/sign-in/factor');
    });

    test('R47: of an address that nobody has proven takes away what a stranger set up', async () => {
      const { person } = await planted(house, { proven: false });
      expect((await accept(await invitationOf(person))).status).toBe(303);
      expect(await countOf(house, 'factor', person)).toBe(0);
      expect((await accountOf(person)).two_factor_at).toBeNull();
    });

    test('R36: ends what was begun in this browser, whoever it was', async () => {
      const { token } = await invited();
      const browser = house.browser();
      await enterPassword(browser, await somebody(house));
      const answer = await accept(token, {}, browser);
      expect(clearedBy(answer)).toEqual(expect.arrayContaining(['enrolment', 'pending', 'session']));
      expect(await isSignedIn(browser)).toBe(false);
    });

    test('keeps the language that was chosen for somebody, else takes the browser’s', async () => {
      const chosen = await invited();
      await change(chosen.person, { locale: 'en' });
      const open = await invited();
      for (const { token } of [chosen, open])
        await house
          .browser()
          .post('/invitation', { token, name: 'Nora', password: PASSWORD }, { 'accept-language': 'es' });
      expect([(await accountOf(chosen.person)).locale, (await accountOf(open.person)).locale]).toEqual([
        'en',
        'es',
      ]);
    });

    test('of who signed up does not open once somebody has the address, nor where sign-up has closed', async () => {
      const email = someEmail('nora');
      const link = async (address: string) => {
        await house.browser().post('/sign-up', { name: 'Nora', email: address });
        return tokenOf(await house.link(address, '/invitation'));
      };
      const taken = await link(email);
      expect(await opens(taken)).toBe(true);
      await somebody(house, { email });
      expect(await opens(taken)).toBe(false);
      expect(told(await accept(taken))).toEqual([422, 'link_invalid', []]);

      const late = await link(someEmail('late'));
      const { config } = house.app.deps as { config: { signUp: string } };
      config.signUp = 'invite';
      try {
        expect(told(await accept(late))[1]).toBe('sign_up_closed');
      } finally {
        config.signUp = 'open';
      }
      expect((await accept(late)).status).toBe(303);
    });
  });

  describe('a form that a mailed link opens', () => {
    test.each<[path: string, fields: Record<string, string>]>([
      ['/invitation', { name: 'Nora', password: PASSWORD }],
      ['/reset-password', { password: PASSWORD }],
      ['/setup', { name: 'Nora', email: 'n@example.org', password: PASSWORD }],
    ])('R43: %s does not come back for a link that is none, however it was sent', async (path, fields) => {
      const none = `token=${'A'.repeat(43)}`;
      for (const token of [none, `${none}&${none}`, '', 'token='])
        for (const password of [PASSWORD, 'short']) {
          const body = `${token}&${new URLSearchParams({ ...fields, password })}`;
          const answer = await house.browser().post(path, body);
          expect([answer.status, /<input[^>]*name="(?:password|token)"/.test(answer.body)], body).toEqual([
            422,
            false,
          ]);
        }
      expect((await house.browser().get(`${path}?${none}&${none}`)).status).toBe(422);
    });

    test('R43/R44: a reset does not open for somebody who was suspended meanwhile', async () => {
      const person = await somebody(house);
      await house.browser().post('/forgot-password', { email: person.email });
      const token = tokenOf(await house.link(person.email, '/reset-password'));
      expect((await house.browser().get(`/reset-password?token=${token}`)).status).toBe(200);
      await change(person, { suspended_at: 1 });
      expect((await house.browser().get(`/reset-password?token=${token}`)).status).toBe(422);
      await change(person, { suspended_at: null });
      const { password_hash: before } = await accountOf(person);
      await house.browser().post('/reset-password', { token, password: 'another-calm-otter-77' });
      expect((await accountOf(person)).password_hash).not.toBe(before);
      const texts = (await house.mails(person.email)).map(({ text }) => text);
      expect(texts.filter((text) => text.includes('chosen with a link from a mail'))).toHaveLength(1);
    });
  });

  describe('signing up', () => {
    const signUp = (fields: Record<string, string>, headers = {}) =>
      house.browser().post('/sign-up', fields, { ...JSON_ONLY, ...headers });

    test('tells what is wrong with which field, all at once', async () => {
      const email = someEmail('nora');
      expect(told(await signUp({ name: 'Nora', email: 'nobody' }))).toEqual([
        422,
        'invalid_input',
        ['email'],
      ]);
      expect(told(await signUp({ name: ' ', email }))).toEqual([422, 'invalid_input', ['name']]);
      expect(told(await signUp({ name: ' ', email: 'nobody' }))).toEqual([
        422,
        'invalid_input',
        ['email', 'name'],
      ]);
      expect(await house.mails(email)).toEqual([]);
    });

    test('speaks the language of the browser, to strangers and to who chose none', async () => {
      const stranger = someEmail('nora');
      const known = await somebody(house);
      for (const email of [stranger, known.email])
        expect((await signUp({ name: 'Nora', email }, { 'accept-language': 'es' })).status).toBe(303);
      for (const email of [stranger, known.email])
        expect((await house.mails(email))[0]?.text, email).toMatch(/cuenta/);
      const other = someEmail('nora');
      await signUp({ name: 'Nora', email: other }, { 'accept-language': 'de' });
      expect((await house.mails(other))[0]?.text).toMatch(/account/);
    });

    test('R55: writes nothing to who is suspended, and makes no account over a recovery address', async () => {
      const person = await somebody(house);
      await suspend(house, person);
      await signUp({ name: 'Eve', email: person.email });
      expect(await house.mails(person.email)).toEqual([]);
      const owner = await somebody(house);
      const backup = someEmail('backup');
      await db()
        .insertInto('email_address')
        .values({
          address_key: backup,
          address: backup,
          account_id: owner.id,
          kind: 'recovery',
          proven_at: null,
          created_at: 0,
        })
        .execute();
      await signUp({ name: 'Eve', email: backup });
      const [mail] = await house.mails(backup);
      expect(mail?.text ?? '').not.toContain('/invitation?token=');
    });
  });

  describe('the password step', () => {
    test('R72: tells the record of a wrong one by its name, and of the way that only leads to a second factor', async () => {
      const person = await somebody(house, { roles: 'admin' });
      await enterPassword(house.browser(), { ...person, password: 'wrong' });
      expect(await recordsOf(house, person, 'sign_in.password')).toMatchObject([{ outcome: 'failure' }]);
      const browser = house.browser();
      await enterPassword(browser, person);
      expect(await recordsOf(house, person, 'sign_in.enrolment_only')).toMatchObject([{ method: 'pwd' }]);
      // Once more in the same browser: one cookie of a name, and not one that takes the other back.
      const again = await enterPassword(browser, person);
      const names = [again.headers['set-cookie'] ?? []].flat().map((cookie) => cookie.split('=')[0]);
      expect(names.filter((name) => name === 'enrolment')).toHaveLength(1);
      expect(clearedBy(again)).not.toContain('enrolment');
      expect((await browser.get('/account/security')).status).toBe(200);
    });

    test('R3: a hash of today stays as it is', async () => {
      const person = await somebody(house);
      const { password_hash: before } = await accountOf(person);
      expect((await enterPassword(house.browser(), person)).status).toBe(303);
      expect((await accountOf(person)).password_hash).toBe(before);
    });

    test('R31: signing out ends the way to a second factor on the server, too', async () => {
      const person = await somebody(house, { roles: 'admin' });
      const browser = house.browser();
      await enterPassword(browser, person);
      expect(await countOf(house, 'enrolment_pass', person)).toBe(1);
      await browser.post('/sign-out');
      expect(await countOf(house, 'enrolment_pass', person)).toBe(0);
    });

    test('R8: only the address of a link of one’s own makes its mail needless', async () => {
      const token = 'A'.repeat(43);
      for (const return_to of [
        `/x/enrol?token=${token}`,
        `/enrol?token=${token}AAA`,
        `/enrol?token=${token}`,
        '/enrol',
      ]) {
        const person = await somebody(house, { roles: 'admin' });
        const answer = await enterPassword(house.browser(), person, { return_to });
        expect(answer.location, return_to).toBe('/account/security');
        expect(await house.mails(person.email), return_to).toHaveLength(1);
      }
    });

    test('R59: a mail to set up a factor is sent again, but not for ever; another account has its own count', async () => {
      const enrolling = async (): Promise<[Browser, Person]> => {
        const person = await somebody(house, { roles: 'admin' });
        const browser = house.browser();
        await enterPassword(browser, person);
        return [browser, person];
      };
      const [browser, person] = await enrolling();
      const statuses: number[] = [];
      for (let n = 0; n < 12; n++) statuses.push((await browser.post('/enrol/send')).status);
      expect([statuses[0], statuses.at(-1)]).toEqual([303, 429]);
      expect((await house.mails(person.email)).length).toBeLessThanOrEqual(11);
      const [other] = await enrolling();
      expect((await other.post('/enrol/send')).status).toBe(303);
    });
  });

  test('R11: a code that was used already costs no try of this sign-in', async () => {
    const { person, secret } = await planted(house);
    const code = appCode(house, secret);
    expect((await answerTotp(await halfSignedIn(house, person), code)).location).toBe('/');
    const browser = await halfSignedIn(house, person);
    const left = async () =>
      (
        await db()
          .selectFrom('pending_sign_in')
          .select('attempts')
          .where('account_id', '=', person.id)
          .execute()
      ).map(({ attempts }) => attempts);
    const before = await left();
    expect((await answerTotp(browser, code)).status).toBe(422);
    expect(await left()).toEqual(before);
    expect(await securityOf(house, person)).toBeDefined();
  });
});

describe.each(ENGINES)('R55/R59: who asks for mails, on %s', (engine) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ engine });
  });
  afterAll(() => house.close());

  const ask = (email: string, network = '192.0.2.1') => {
    const browser = house.browser();
    browser.network = network;
    return browser.post('/forgot-password', { email });
  };

  test('one mailbox has one count, whatever stands behind the plus; another one has its own', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 11; n++) statuses.push((await ask(`ann+shop-${n}@example.org`)).status);
    expect([statuses[0], statuses[9], statuses[10]]).toEqual([303, 303, 429]);
    expect((await ask('ann@example.org')).status).toBe(429);
    expect((await ask('annette@example.org')).status).toBe(303);
    house.clock.advance(2 * HOUR);
    expect((await ask('ann@example.org')).status).toBe(303);
  });
});
