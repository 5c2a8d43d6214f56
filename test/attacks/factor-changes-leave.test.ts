import { describe, expect, test } from 'vitest';
import type { Tx } from '../../src/database/open.ts';
import { removeFactorOf } from '../../src/factors/remove-for-person.ts';
import { replaceFactor } from '../../src/factors/replace-factor.ts';
import { resetTwoFactor } from '../../src/factors/reset-two-factor.ts';
import type { NewFactor } from '../../src/factors/store.ts';
import { assertAddressProven, switchOn } from '../../src/factors/switch-on.ts';
import { tokenHash } from '../../src/kit/encoding.ts';
import { findEnrolment } from '../../src/sessions/enrolment-pass.ts';
import type { Holder } from '../../src/sessions/require.ts';
import { findSession } from '../../src/sessions/store.ts';
import {
  factorIdOf,
  planted,
  pseudonymOf,
  recordsOf,
  seesAccount,
  somebody,
  somebodyProtected,
  tokenOf,
} from '../kit/attack-kit.ts';
import type { Browser } from '../kit/browser.ts';
import { accountOf, visitOf } from '../kit/direct-sign-in.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, enableApp, enterPassword, type Person, readEnrolment } from '../kit/people.ts';
import { plantedPhone } from '../kit/phones.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const TOTP = '/account/security/totp';

/** What a change of somebody's second step leaves behind: records, mails, whose session ends (R46, R70, R72, R74). */
describe.each(ENGINES)('changes of the second step, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const db = () => house.app.database.db;
  const within = <T>(work: (tx: Tx) => Promise<T>) => house.app.deps.database.transaction(work);
  const detail = (row: { detail: string | null } | undefined) => JSON.parse(row?.detail ?? '{}');

  /** An administrator somewhere in the office. */
  const admin = () => ({
    place: { now: house.clock.now(), network: '198.51.100.77', browser: 'Office 1', requestId: 'r' },
    actor: 'their-pseudonym',
  });

  const holderOf = async (browser: Browser): Promise<Holder> => {
    const found = await findSession(db(), tokenHash(browser.cookies.get('session') as string));
    if (!found) throw new Error('nobody is signed in');
    return { kind: 'session', ...found };
  };
  const anApp = (person: Person): NewFactor => ({
    id: `next-${person.id}`,
    account_id: person.id,
    kind: 'totp',
    label: 'Next',
    sealed_data: 'sealed',
    counter: 0,
    created_at: house.clock.now(),
  });
  const freeze = (person: Person) =>
    db()
      .updateTable('account')
      .set({ frozen_until_at: house.clock.now() + 60_000 })
      .where('id', '=', person.id)
      .execute();
  const factorsOf = async ({ id }: Person) =>
    db().selectFrom('factor').select(['id', 'preferred']).where('account_id', '=', id).execute();
  /** Presses "This wasn't me" in the newest mail with this subject. */
  const disown = async (person: Person, subject: RegExp) => {
    const mail = (await house.mails(person.email)).find((one) => subject.test(one.subject));
    const { baseUrl } = house.app.deps.config;
    const link = mail?.text.split('\n').find((line) => line.startsWith(`${baseUrl}/not-me`)) ?? '';
    const token = tokenOf(link.slice(baseUrl.length));
    expect((await house.browser().post('/not-me', { token })).status).toBe(303);
  };

  describe('made by an administrator', () => {
    test('R70: one factor of several: on record with who did it and how many sessions ended, the mail without their place', async () => {
      const { person } = await plantedPhone(house);
      const factorId = await factorIdOf(house, person);
      const removed = await within((tx) =>
        removeFactorOf(tx, house.app.deps, admin(), { id: person.id, factorId, doneBy: 'Boss' }),
      );
      expect(removed).toBe('removed');
      const [record] = await recordsOf(house, person, 'factor.removed');
      expect(record).toMatchObject({ actor: 'their-pseudonym', method: 'totp', outcome: 'success' });
      expect(detail(record)).toMatchObject({ sessions: 0 });
      const [mail] = await house.mails(person.email);
      expect(mail?.text).toContain('Boss');
      expect(`${mail?.text}${mail?.html}`).not.toMatch(/198\.51\.100\.77|Office|Network address|Browser:/);
    });

    test.each([
      ['operator', 'two_factor.reset_by_operator'],
      ['their-pseudonym', 'two_factor.reset_by_administrator'],
    ])('R46/R70: the whole second step, by %s: %s', async (actor, event) => {
      const { person, browser } = await somebodyProtected(house);
      const by = { ...admin(), actor };
      const { account, sessions } = await within((tx) =>
        resetTwoFactor(tx, house.app.deps, by, { id: person.id, reason: 'lost phone', doneBy: 'Boss' }),
      );
      expect([account.id, sessions]).toEqual([person.id, 1]);
      expect(await seesAccount(browser)).toBe(false);
      const [record] = await recordsOf(house, person, event);
      expect(record).toMatchObject({ actor });
      expect(detail(record)).toMatchObject({ reason: 'lost phone', factors: 1, sessions: 1 });
      const [mail] = await house.mails(person.email);
      expect(mail?.text).toContain('lost phone');
      expect(`${mail?.text}${mail?.html}`).not.toMatch(/198\.51\.100\.77|Office|Network address|Browser:/);
    });

    test('R46: what is left of a second step, a switch without a factor or a factor without it, can be reset', async () => {
      const reset = ({ id }: Person) =>
        within((tx) => resetTwoFactor(tx, house.app.deps, admin(), { id, reason: 'x', doneBy: 'Boss' }));
      const switched = await planted(house);
      await db().deleteFrom('factor').where('account_id', '=', switched.person.id).execute();
      await reset(switched.person);
      expect((await accountOf(house, switched.person)).two_factor_at).toBeNull();
      const left = await planted(house);
      await db()
        .updateTable('account')
        .set({ two_factor_at: null })
        .where('id', '=', left.person.id)
        .execute();
      await reset(left.person);
      expect(await factorsOf(left.person)).toEqual([]);
    });
  });

  describe('made by its person', () => {
    test('R59: what is asked before changes are frozen and done after is not done', async () => {
      const { deps } = house.app;
      const { person, browser } = await somebodyProtected(house);
      const holder = await holderOf(browser);
      const old = await factorIdOf(house, person);
      await freeze(person);
      const add = within((tx) =>
        switchOn(tx, deps, visitOf(house), holder, anApp(person), { codes: null, amr: ['otp'] }),
      );
      await expect(add).rejects.toMatchObject({ code: 'changes_frozen' });
      const replace = within((tx) => replaceFactor(tx, deps, visitOf(house), holder, old, anApp(person)));
      await expect(replace).rejects.toMatchObject({ code: 'changes_frozen' });
      expect(await factorsOf(person)).toMatchObject([{ id: old }]);
    });

    test.each([0, 1])(
      'one that takes another’s place is asked for first if that one was: %i',
      async (preferred) => {
        const { person, browser } = await somebodyProtected(house);
        const old = await factorIdOf(house, person);
        if (preferred === 1) await browser.post(`/account/security/factors/${old}/prefer`);
        const { secret } = readEnrolment((await browser.get(`${TOTP}?replaces=${old}`)).body);
        await browser.post(TOTP, { code: appCode(house, secret), replaces: old });
        const factors = await factorsOf(person);
        expect(factors.map((one) => one.preferred)).toEqual([preferred]);
        expect(factors[0]?.id).not.toBe(old);
        expect(await recordsOf(house, person, 'factor.replaced')).toMatchObject([{ method: 'totp' }]);
        await disown(person, /authenticator app was changed/);
        expect(await seesAccount(browser)).toBe(false);
      },
    );

    test('R46: a pass takes no factor’s place, not even one of its own account', async () => {
      const { person } = await planted(house);
      const boss = await somebody(house, { roles: 'admin' });
      const browser = house.browser();
      await enterPassword(browser, boss);
      const old = await factorIdOf(house, person);
      await db().updateTable('factor').set({ account_id: boss.id }).where('id', '=', old).execute();
      const hash = tokenHash(browser.cookies.get('enrolment') as string);
      const pass = await findEnrolment(db(), hash, house.clock.now());
      if (!pass) throw new Error('there is no pass');
      const replace = within((tx) =>
        replaceFactor(tx, house.app.deps, visitOf(house), { kind: 'enrolment', ...pass }, old, anApp(boss)),
      );
      await expect(replace).rejects.toMatchObject({ code: 'conflict' });
      expect(await factorsOf(boss)).toMatchObject([{ id: old }]);
    });

    test('R72/R74: a further one is on record, its mail names no phone, and the session goes on', async () => {
      const { person, browser } = await somebodyProtected(house);
      const session = browser.cookies.get('session');
      const { secret } = readEnrolment((await browser.get(TOTP)).body);
      const added = await browser.post(TOTP, { code: appCode(house, secret), label: 'Tablet' });
      expect(added.status).toBe(303);
      expect(browser.cookies.get('session')).toBe(session);
      expect([...browser.cookies.keys()].every((name) => /^[a-z_-]+$/.test(name))).toBe(true);
      expect(browser.cookies.has('undefined')).toBe(false);
      expect(await recordsOf(house, person, 'factor.added')).toMatchObject([
        { method: 'totp', actor: await pseudonymOf(house, person) },
      ]);
      const [mail] = await house.mails(person.email);
      expect(mail?.text).toContain('Tablet');
      expect(mail?.text).not.toContain('Number ending in');
    });

    test('the mail about a phone names its last two digits', async () => {
      const { person, browser } = await somebodyProtected(house);
      const shown = await browser.submit('/account/security/sms', { phone: '+34600998877' });
      expect(shown.status).toBe(200);
      const text = (await house.mails('+34600998877'))[0]?.text ?? '';
      await browser.post('/account/security/sms/confirm', { code: /\d{6}/.exec(text)?.[0] ?? '' });
      const [mail] = await house.mails(person.email);
      expect(mail?.text).toContain('Number ending in: 77');
    });

    test('R74: "This wasn’t me" ends the session that the first factor of an enrolment has opened', async () => {
      const boss = await somebody(house, { roles: 'admin' });
      const browser = house.browser();
      await enterPassword(browser, boss);
      await browser.post('/enrol', { token: tokenOf(await house.link(boss.email, '/enrol')) });
      await enableApp(house, browser);
      expect(await seesAccount(browser)).toBe(true);
      await disown(boss, /Two-factor authentication is on/);
      expect(await seesAccount(browser)).toBe(false);
    });

    test('R47: it is the primary address that must be proven, not just any', async () => {
      const person = await somebody(house, { proven: false });
      await db()
        .insertInto('email_address')
        .values({
          address_key: `second-${person.email}`,
          account_id: person.id,
          address: `second-${person.email}`,
          kind: 'recovery',
          proven_at: house.clock.now(),
          created_at: 1,
        })
        .execute();
      const asked = assertAddressProven(db(), await accountOf(house, person));
      await expect(asked).rejects.toMatchObject({ code: 'address_unproven' });
    });
  });
});
