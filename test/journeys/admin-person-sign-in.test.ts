import { describe, expect, test } from 'vitest';
import {
  countOf,
  factorIdOf,
  freshCode,
  guessWrong,
  halfSignedIn,
  planted,
  pseudonymOf,
  recordsOf,
  seesAccount,
  somebodyProtected,
  tokenOf,
} from '../kit/attack-kit.ts';
import { textOf } from '../kit/browser.ts';
import { accountOf } from '../kit/direct-sign-in.ts';
import { ENGINES, exceptSignIns } from '../kit/house.ts';
import { appCode, enterPassword, type Person, readEnrolment, signIn } from '../kit/people.ts';
import { administrator } from '../kit/recovery-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const pathOf = ({ id }: Person) => `/admin/people/${id}`;

describe.each(ENGINES)('an administrator and one person, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const db = () => house.app.database.db;
  const boss = () => administrator(house, 'Bo Berg');

  test('suspends and restores: sessions end at once, the record names the administrator', async () => {
    const { browser, person: bo } = await boss();
    const ann = await somebodyProtected(house);
    const path = pathOf(ann.person);
    expect(textOf((await browser.get(`${path}/suspend`)).body)).toContain('the one session ends at once');
    const done = await browser.submit(`${path}/suspend`);
    expect(textOf(done.body)).toContain('The account is suspended, and its sessions have ended.');
    expect(textOf(done.body)).toContain('Suspended: nobody signs in with this account');
    expect(await seesAccount(ann.browser)).toBe(false);
    expect((await enterPassword(house.browser(), ann.person)).status).toBe(422);
    expect((await accountOf(house, ann.person)).security_version).toBe(3);
    await browser.submit(`${path}/restore`);
    expect((await enterPassword(house.browser(), ann.person)).location).toBe('/sign-in/factor');
    const actor = await pseudonymOf(house, bo);
    expect(await recordsOf(house, ann.person, 'account.suspended')).toMatchObject([
      { actor, network: '127.0.0.1', detail: '{"sessions":1}' },
    ]);
    expect(await recordsOf(house, ann.person, 'account.restored')).toMatchObject([{ actor }]);
  });

  test('a method without a name of its own is called in the language of whoever looks', async () => {
    const { browser, person: bo } = await boss();
    const ann = await planted(house);
    await db().updateTable('account').set({ locale: 'es' }).where('id', '=', bo.id).execute();
    const factor = `${pathOf(ann.person)}/factors/${await factorIdOf(house, ann.person)}/remove`;
    for (const path of [pathOf(ann.person), factor]) {
      const { body } = await browser.get(path);
      expect(body).toContain('Aplicación de autenticación');
      expect(body).not.toContain('Authenticator app');
    }
  });

  test('ends one session, then all', async () => {
    const { browser, person: bo } = await boss();
    const ann = await somebodyProtected(house);
    const phone = house.browser();
    phone.network = '203.0.113.7';
    await signIn(house, phone, ann.person, ann.secret);
    const half = await halfSignedIn(house, ann.person);
    const sessions = await db()
      .selectFrom('session')
      .selectAll()
      .where('account_id', '=', ann.person.id)
      .where('network', '=', '203.0.113.7')
      .execute();
    const one = `${pathOf(ann.person)}/sessions/${sessions[0]?.id}/end`;
    expect(textOf((await browser.get(one)).body)).toContain('in Firefox 140 on Linux at 203.0.113.7');
    await browser.submit(one);
    expect([await seesAccount(phone), await seesAccount(ann.browser)]).toEqual([false, true]);
    expect((await browser.get(one)).status).toBe(404);
    expect((await browser.post(one)).status).toBe(404);
    await browser.submit(`${pathOf(ann.person)}/sessions/end`);
    expect(await seesAccount(ann.browser)).toBe(false);
    expect((await half.post('/sign-in/factor/totp', { code: appCode(house, ann.secret) })).location).toBe(
      '/sign-in',
    );
    const actor = await pseudonymOf(house, bo);
    const ended = (await recordsOf(house, ann.person, 'session.ended')).map(({ actor, detail }) => [
      actor,
      detail,
    ]);
    expect(ended).toEqual([
      [actor, '{"count":1}'],
      [actor, '{"count":1}'],
    ]);
  });

  test('forgives wrong codes and passwords', async () => {
    const { browser } = await boss();
    const ann = await planted(house);
    await guessWrong(house, ann, 10);
    const stranger = house.browser();
    for (let guess = 0; guess < 10; guess++)
      await enterPassword(stranger, { ...ann.person, password: 'wrong' });
    expect((await enterPassword(stranger, ann.person)).status).toBe(429);
    const before = textOf((await browser.get(pathOf(ann.person))).body);
    expect(before).toContain('Typed codes are paused until');
    expect(before).toContain('The password waits, from one network, until');
    const after = textOf((await browser.submit(`${pathOf(ann.person)}/unlock`)).body);
    expect(after).not.toContain('On hold');
    expect((await enterPassword(stranger, ann.person)).location).toBe('/sign-in/factor');
    const code = { code: freshCode(house, ann.secret) };
    expect((await stranger.post('/sign-in/factor/totp', code)).location).toBe('/');
  });

  test('removes one of two methods, with a mail; the only one leads to the reset', async () => {
    const { browser } = await boss();
    const ann = await somebodyProtected(house);
    const first = await factorIdOf(house, ann.person);
    const shown = readEnrolment((await ann.browser.get('/account/security/totp')).body);
    await ann.browser.post('/account/security/totp', { code: appCode(house, shown.secret), label: 'Tablet' });
    const path = `${pathOf(ann.person)}/factors/${first}/remove`;
    expect(textOf((await browser.get(path)).body)).toContain('A mail tells');
    expect(textOf((await browser.submit(path)).body)).toContain('The method was removed.');
    expect(await seesAccount(ann.browser)).toBe(false);
    const [mail] = exceptSignIns(await house.mails(ann.person.email));
    expect(mail?.subject).toBe('Authenticator app was removed');
    expect(mail?.text).toContain('Done by: Bo Berg');
    expect((await browser.post(path)).status).toBe(404);
    const last = `${pathOf(ann.person)}/factors/${await factorIdOf(house, ann.person)}/remove`;
    expect((await browser.post(last)).location).toBe(`${pathOf(ann.person)}/reset-two-factor`);
    expect(await countOf(house, 'factor', ann.person)).toBe(1);
    const other = await planted(house);
    const foreign = `${pathOf(ann.person)}/factors/${await factorIdOf(house, other.person)}/remove`;
    expect([(await browser.get(foreign)).status, (await browser.post(foreign)).status]).toEqual([404, 404]);
  });

  test('resets two-factor authentication with a reason, which the person reads together with the name', async () => {
    const { browser, person: bo } = await boss();
    const ann = await somebodyProtected(house);
    const path = `${pathOf(ann.person)}/reset-two-factor`;
    for (const reason of ['', '   ', '\u200b', '\u2060\u200d', '...']) {
      const refused = await browser.post(path, { reason });
      expect([refused.status, textOf(refused.body).includes('Fill this in.')]).toEqual([422, true]);
    }
    const long = await browser.post(path, { reason: 'x'.repeat(241) });
    expect([long.status, long.field('reason').length]).toEqual([422, 241]);
    expect(await countOf(house, 'factor', ann.person)).toBe(1);

    const done = await browser.submit(path, { reason: 'Lost her phone,\r\nseen at the desk' });
    expect(textOf(done.body)).toContain('Two-factor authentication is off.');
    expect(await seesAccount(ann.browser)).toBe(false);
    expect((await enterPassword(house.browser(), ann.person)).location).toBe('/');
    for (const table of ['factor', 'recovery_code'] as const)
      expect(await countOf(house, table, ann.person)).toBe(0);
    const [mail] = exceptSignIns(await house.mails(ann.person.email));
    expect(mail?.subject).toBe('An administrator reset your two-factor authentication');
    expect(mail?.text).toContain('Done by: Bo Berg');
    expect(mail?.text).toContain('Reason: Lost her phone, seen at the desk');
    const actor = await pseudonymOf(house, bo);
    expect(await recordsOf(house, ann.person, 'two_factor.reset_by_administrator')).toMatchObject([
      { actor },
    ]);
    expect(textOf((await browser.get(path)).body)).toContain('there is nothing to reset');
    expect((await browser.post(path, { reason: 'again' })).status).toBe(409);
  });

  test('starts a password reset and never learns or sets the password', async () => {
    const { browser, person: bo } = await boss();
    const ann = await somebodyProtected(house);
    const path = `${pathOf(ann.person)}/reset-password`;
    expect((await browser.post(path, { reason: 'x', password: 'brisk-teal-heron-77' })).status).toBe(400);
    const done = await browser.submit(path, { reason: 'Password on a note' });
    expect(textOf(done.body)).toContain('The link to choose a new password is on its way.');
    expect(await seesAccount(ann.browser)).toBe(false);
    expect((await halfSignedIn(house, ann.person)).cookies.has('pending')).toBe(true);
    const [mail] = exceptSignIns(await house.mails(ann.person.email));
    expect(mail?.text).toContain('has ended your sessions');
    const token = tokenOf(await house.link(ann.person.email, '/reset-password'));
    const chosen = { ...ann.person, password: 'brisk-teal-heron-77' };
    expect(
      (await house.browser().post('/reset-password', { token, password: chosen.password })).location,
    ).toBe('/sign-in');
    expect((await enterPassword(house.browser(), chosen)).location).toBe('/sign-in/factor');
    const actor = await pseudonymOf(house, bo);
    const [asked] = await recordsOf(house, ann.person, 'password.reset_requested');
    expect(asked).toMatchObject({ actor, detail: '{"reason":"Password on a note","sessions":1}' });

    await browser.post(`${pathOf(ann.person)}/suspend`);
    expect(textOf((await browser.get(path)).body)).toContain('no password that could be reset now');
    expect((await browser.post(path, { reason: 'x' })).status).toBe(409);
  });
});
