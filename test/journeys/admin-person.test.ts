import { describe, expect, test } from 'vitest';
import { changeRole } from '../../src/accounts/change-role.ts';
import { nowhere } from '../../src/audit/place.ts';
import {
  countOf,
  DAY,
  factorIdOf,
  freshCode,
  guessWrong,
  HOUR,
  halfSignedIn,
  MINUTE,
  planted,
  pseudonymOf,
  recordsOf,
  seesAccount,
  signInAgain,
  somebody,
  somebodyProtected,
  someEmail,
  tokenOf,
} from '../kit/attack-kit.ts';
import { textOf } from '../kit/browser.ts';
import { ENGINES, exceptSignIns } from '../kit/house.ts';
import { appCode, enterPassword, type Person, readEnrolment, signIn } from '../kit/people.ts';
import { plantedPhone } from '../kit/phones.ts';
import { administrator, askForHelp, requestOf } from '../kit/recovery-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const pathOf = ({ id }: Person) => `/admin/people/${id}`;

describe.each(ENGINES)('an administrator and one person, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const db = () => house.app.database.db;
  const boss = () => administrator(house, 'Bo Berg');
  const accountOf = ({ id }: Person) =>
    db().selectFrom('account').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const subjects = async ({ email }: Person) =>
    exceptSignIns(await house.mails(email)).map(({ subject }) => subject);

  async function makeGroup(name = `Group ${someEmail()}`.slice(0, 60).replace('@', ' ')) {
    const group = {
      id: name.replace(/\W/g, '').toLowerCase(),
      name,
      name_key: name.toLowerCase(),
      created_at: 1,
    };
    await db().insertInto('people_group').values(group).execute();
    return group;
  }

  test('sees who it is, how they sign in and what holds them up, and never a secret', async () => {
    const { browser } = await boss();
    const ann = await somebodyProtected(house, { name: 'Ann Example' });
    const group = await makeGroup();
    await browser.submit(`${pathOf(ann.person)}/groups`, { group: group.id });
    await guessWrong(house, ann, 10);
    const page = await browser.get(pathOf(ann.person));
    const text = textOf(page.body);
    for (const told of [
      `Ann Example ${ann.person.email}`,
      'Role Member State Active',
      'On hold Typed codes are paused until',
      'Authenticator app Added',
      '10 recovery codes left',
      group.name,
      'Firefox 140 on Linux 127.0.0.1 · last used',
      'One-time codes paused after too many wrong ones',
      'Start a password reset Download their data Suspend the account',
    ])
      expect(text).toContain(told);
    for (const secret of [ann.secret, ...ann.codes, (await accountOf(ann.person)).password_hash as string])
      expect(page.body).not.toContain(secret);
  });

  test('of a phone sees the last two digits', async () => {
    const { browser } = await boss();
    const { person, number } = await plantedPhone(house);
    const { body } = await browser.get(pathOf(person));
    expect(textOf(body)).toContain(`•• ${number.slice(-2)} · Added`);
    expect(body).not.toContain(number.slice(-4));
  });

  test('who has lost everything and asks for help is linked to their request, and the pass comes from nowhere else', async () => {
    const { browser } = await boss();
    const lost = await planted(house);
    await askForHelp(house, lost.person);
    const { id } = await requestOf(house, lost.person);
    const { body } = await browser.get(pathOf(lost.person));
    expect(body).toContain(`href="/admin/recovery/${id}"`);
    expect(body).not.toContain('temporary-pass');
    expect((await browser.get('/admin/recovery')).body).toContain(`/admin/recovery/${id}`);
  });

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
    expect((await accountOf(ann.person)).security_version).toBe(3);
    await browser.submit(`${path}/restore`);
    expect((await enterPassword(house.browser(), ann.person)).location).toBe('/sign-in/factor');
    const actor = await pseudonymOf(house, bo);
    expect(await recordsOf(house, ann.person, 'account.suspended')).toMatchObject([
      { actor, network: '127.0.0.1', detail: '{"sessions":1}' },
    ]);
    expect(await recordsOf(house, ann.person, 'account.restored')).toMatchObject([{ actor }]);
  });

  test('changes the role: sessions end, a mail says who did it, and an administrator without 2FA is led to it', async () => {
    const { browser, person: bo } = await boss();
    const ann = await somebody(house);
    const own = house.browser();
    await enterPassword(own, ann);
    const path = `${pathOf(ann)}/role`;
    expect((await browser.get(path)).body).toContain('<option value="member" selected>');
    expect(textOf((await browser.submit(path, { role: 'admin' })).body)).toContain('The role was changed');
    expect(await accountOf(ann)).toMatchObject({ roles: 'admin', security_version: 2 });
    expect(await seesAccount(own)).toBe(false);
    expect((await enterPassword(own, ann)).location).toBe('/account/security');
    expect((await own.get('/admin/people')).location).toBe('/account/security');
    expect(textOf((await browser.get(pathOf(ann))).body)).toContain(
      'Role Administrator State Must turn on two-factor authentication',
    );
    const mail = (await house.mails(ann.email)).find(({ subject }) => subject === 'Your role was changed');
    expect(mail?.text).toContain('Done by: Bo Berg');
    const actor = await pseudonymOf(house, bo);
    expect(await recordsOf(house, ann, 'account.role_changed')).toMatchObject([
      { actor, detail: '{"from":"member","sessions":1,"to":"admin"}' },
    ]);
    await browser.submit(path, { role: 'admin' });
    expect(await recordsOf(house, ann, 'account.role_changed')).toHaveLength(1);
    await browser.submit(path, { role: 'publisher' });
    expect((await accountOf(ann)).roles).toBe('publisher');
    await browser.submit(path, { role: 'member' });
    expect((await accountOf(ann)).roles).toBe('');
  });

  test('of two administrators who demote each other at once, one stays', async () => {
    await db().updateTable('account').set({ roles: '' }).execute();
    const [one, two] = [await boss(), await boss()];
    const answers = await Promise.all([
      one.browser.post(`${pathOf(two.person)}/role`, { role: 'member' }),
      two.browser.post(`${pathOf(one.person)}/role`, { role: 'publisher' }),
    ]);
    // Whose own demotion came first is no administrator any more, or not even signed in.
    const refused = answers.filter(
      ({ status, location }) => status === 404 || location?.startsWith('/sign-in'),
    );
    expect(refused).toHaveLength(1);
    const left = await db().selectFrom('account').select('id').where('roles', '=', 'admin').execute();
    expect(left).toHaveLength(1);
    const by = { place: nowhere(1), actor: 'operator' };
    const last = { id: left[0]?.id as string, role: 'member' as const, doneBy: 'operator' };
    const { deps } = house.app;
    await expect(deps.database.transaction((tx) => changeRole(tx, deps, by, last))).rejects.toMatchObject({
      code: 'last_administrator',
    });
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

  test('deletes an account with a reason, and keeps it after all', async () => {
    const { browser, person: bo } = await boss();
    const ann = await somebodyProtected(house);
    const path = `${pathOf(ann.person)}/delete`;
    expect(textOf((await browser.get(path)).body)).toContain('After 7 days the account is erased');
    expect((await browser.post(path, { reason: ' ' })).status).toBe(422);
    const done = await browser.submit(path, { reason: 'Left the firm' });
    expect(textOf(done.body)).toContain('Waits to be erased: nobody signs in with this account Erased');
    expect(await seesAccount(ann.browser)).toBe(false);
    expect(textOf((await browser.get(path)).body)).toContain('This account is already waiting to be erased.');
    expect((await browser.post(path, { reason: 'again' })).status).toBe(409);
    const [mail] = exceptSignIns(await house.mails(ann.person.email));
    expect(mail?.text).toContain('Bo Berg');
    expect(mail?.text).toContain('Left the firm');
    const actor = await pseudonymOf(house, bo);
    expect(await recordsOf(house, ann.person, 'account.deletion_requested')).toMatchObject([{ actor }]);

    const keep = `${pathOf(ann.person)}/restore`;
    expect(textOf((await browser.get(keep)).body)).toContain('Keep this account?');
    expect(textOf((await browser.submit(keep)).body)).toContain('State Active');
    expect((await enterPassword(house.browser(), ann.person)).location).toBe('/sign-in/factor');
  });

  test('downloads somebody’s data for them: the file that they would get, and a record of who did it', async () => {
    const { browser, person: bo } = await boss();
    const ann = await somebodyProtected(house, { name: 'Ann' });
    const path = `${pathOf(ann.person)}/data`;
    expect((await browser.get(pathOf(ann.person))).body).toContain(`href="${path}"`);
    expect(textOf((await browser.get(path)).body)).toContain('Everything that is kept about Ann here');
    const file = await browser.post(path);
    expect(file.status).toBe(200);
    expect(file.headers['content-disposition']).toMatch(/^attachment; filename="account-data-[\d-]+\.json"$/);
    const own = (await ann.browser.post('/account/export')).json<Record<string, object>>();
    const theirs = file.json<Record<string, object>>();
    expect(Object.keys(theirs)).toEqual(Object.keys(own));
    expect(theirs['account']).toEqual(own['account']);
    expect(JSON.stringify(theirs['account'])).toContain(ann.person.email);
    const actor = await pseudonymOf(house, bo);
    expect((await recordsOf(house, ann.person, 'account.exported'))[0]).toMatchObject({ actor });
    expect(textOf((await ann.browser.get('/account/activity')).body)).toContain(
      'Data of the account downloaded by an administrator',
    );

    // One's own is one's own affair, nobody is nobody, and a stale step-up is none.
    expect((await browser.post(`${pathOf(bo)}/data`)).status).toBe(409);
    expect((await browser.post(`${pathOf({ ...bo, id: 'nobody' })}/data`)).status).toBe(404);
    expect((await ann.browser.post(path)).status).toBe(404);
    house.clock.advance(11 * MINUTE);
    expect((await browser.post(path)).location).toMatch(/^\/confirm/);
  });

  test('adds to a group and takes out again', async () => {
    const { browser, person: bo } = await boss();
    const ann = await somebody(house);
    const group = await makeGroup();
    const joined = await browser.submit(`${pathOf(ann)}/groups`, { group: group.id });
    expect(textOf(joined.body)).toContain(`Groups ${group.name} Remove`);
    await browser.submit(`${pathOf(ann)}/groups`, { group: group.id });
    const path = `${pathOf(ann)}/groups/${group.id}/remove`;
    expect(textOf((await browser.get(path)).body)).toContain(`Remove from ${group.name}?`);
    await browser.submit(path);
    expect([(await browser.get(path)).status, (await browser.post(path)).status]).toEqual([404, 404]);
    expect((await browser.post(`${pathOf(ann)}/groups`, { group: 'nosuch' })).status).toBe(404);
    expect((await browser.post(`${pathOf(ann)}/groups`, { group: '' })).status).toBe(400);
    const actor = await pseudonymOf(house, bo);
    const records = (await recordsOf(house, ann)).filter(({ event }) => event.startsWith('group.'));
    expect(records.map(({ event, actor }) => [event, actor])).toEqual([
      ['group.joined', actor],
      ['group.left', actor],
    ]);
  });

  test('what would lock an administrator out, or hide a thief, another administrator must do', async () => {
    const { browser, person } = await boss();
    const own = pathOf(person);
    const page = await browser.get(own);
    expect(textOf(page.body)).toContain('This is your own account.');
    for (const path of ['/role', '/suspend', '/reset-two-factor', '/reset-password', '/delete', '/remove'])
      expect(page.body).not.toContain(`${path}"`);
    const factor = `/factors/${await factorIdOf(house, person)}/remove`;
    const deeds: [string, Record<string, string>][] = [
      ['/role', { role: 'member' }],
      ['/suspend', {}],
      ['/restore', {}],
      [factor, {}],
      ['/reset-two-factor', { reason: 'x' }],
      ['/reset-password', { reason: 'x' }],
      ['/delete', { reason: 'x' }],
    ];
    for (const [path, fields] of deeds) {
      for (const answer of [await browser.get(own + path), await browser.post(own + path, fields)]) {
        expect([path, answer.status]).toEqual([path, 409]);
        expect(textOf(answer.body)).toContain('This is your own account.');
      }
    }
    expect(await accountOf(person)).toMatchObject({
      roles: 'admin',
      suspended_at: null,
      security_version: 2,
    });
    expect(await countOf(house, 'factor', person)).toBe(1);
  });

  test('after "This wasn\'t me" neither that administrator does anything, nor loses that person a method', async () => {
    const { browser, person: bo } = await boss();
    const ann = await somebodyProtected(house);
    const freeze = (id: string) =>
      db()
        .updateTable('account')
        .set({ frozen_until_at: house.clock.now() + HOUR })
        .where('id', '=', id)
        .execute();
    await freeze(ann.person.id);
    const factor = `${pathOf(ann.person)}/factors/${await factorIdOf(house, ann.person)}/remove`;
    for (const [path, fields] of [
      [factor, {}],
      [`${pathOf(ann.person)}/reset-two-factor`, { reason: 'She called' }],
    ] as const) {
      const answer = await browser.post(path, fields);
      expect([path, answer.status]).toEqual([path, 409]);
    }
    expect(textOf((await browser.get(pathOf(ann.person))).body)).toContain("somebody said “This wasn't me”");
    await freeze(bo.id);
    const other = await planted(house);
    for (const [path, fields] of [
      ['/suspend', {}],
      ['/role', { role: 'admin' }],
      ['/unlock', {}],
      ['/sessions/end', {}],
      ['/reset-password', { reason: 'x' }],
    ] as const)
      expect([path, (await browser.post(pathOf(other.person) + path, fields)).status]).toEqual([path, 409]);
    expect(await subjects(other.person)).toEqual([]);
    expect(await accountOf(other.person)).toMatchObject({ roles: '', suspended_at: null });
  });

  test('somebody invited is shown as that, and is invited again from their page', async () => {
    const { browser } = await boss();
    const email = someEmail('guest');
    await browser.submit('/admin/people/invite', { email, name: 'Guest' });
    const { id } = await db()
      .selectFrom('account')
      .select('id')
      .where('email', '=', email)
      .executeTakeFirstOrThrow();
    const page = await browser.get(`/admin/people/${id}`);
    expect(textOf(page.body)).toContain('State Invited, not here yet');
    expect(textOf(page.body)).toContain('signs in, not proven yet');
    expect(page.body).toContain(`href="/admin/people/${id}/invite"`);
    expect((await browser.post(`/admin/people/${id}/reset-password`, { reason: 'x' })).status).toBe(409);
    house.clock.advance(8 * DAY);
    const again = await signInAgain(house, await boss());
    expect(textOf((await again.get(`/admin/people/${id}`)).body)).toContain('but the link has run out');
  });

  test('nobody’s mailbox is filled with links', async () => {
    const { browser } = await boss();
    const ann = await planted(house);
    const path = `${pathOf(ann.person)}/reset-password`;
    for (let count = 0; count < 10; count++)
      expect((await browser.post(path, { reason: 'x' })).status).toBe(303);
    const answer = await browser.post(path, { reason: 'x' });
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '60']);
  });

  test('a page of one person asks for a step-up once the last proof is ten minutes old', async () => {
    const bo = await boss();
    const ann = await planted(house);
    house.clock.advance(11 * MINUTE);
    const path = pathOf(ann.person);
    expect((await bo.browser.get(path)).location).toBe(`/confirm?return_to=${encodeURIComponent(path)}`);
    expect((await bo.browser.post(`${path}/groups`, { group: 'x' })).location).toBe(
      `/confirm?return_to=${encodeURIComponent(path)}`,
    );
    expect((await bo.browser.get('/admin/people')).status).toBe(200);
  });
});
