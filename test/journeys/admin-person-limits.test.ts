import { describe, expect, test } from 'vitest';
import { changeRole } from '../../src/accounts/change-role.ts';
import { nowhere } from '../../src/audit/place.ts';
import {
  countOf,
  factorIdOf,
  HOUR,
  MINUTE,
  planted,
  pseudonymOf,
  recordsOf,
  seesAccount,
  somebody,
  somebodyProtected,
} from '../kit/attack-kit.ts';
import { textOf } from '../kit/browser.ts';
import { accountOf } from '../kit/direct-sign-in.ts';
import { ENGINES, exceptSignIns } from '../kit/house.ts';
import { enterPassword, type Person } from '../kit/people.ts';
import { administrator } from '../kit/recovery-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const pathOf = ({ id }: Person) => `/admin/people/${id}`;

describe.each(ENGINES)('an administrator and one person, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const db = () => house.app.database.db;
  const boss = () => administrator(house, 'Bo Berg');
  const subjects = async ({ email }: Person) =>
    exceptSignIns(await house.mails(email)).map(({ subject }) => subject);

  test('changes the role: sessions end, a mail says who did it, and an administrator without 2FA is led to it', async () => {
    const { browser, person: bo } = await boss();
    const ann = await somebody(house);
    const own = house.browser();
    await enterPassword(own, ann);
    const path = `${pathOf(ann)}/role`;
    expect((await browser.get(path)).body).toContain('<option value="member" selected>');
    expect(textOf((await browser.submit(path, { role: 'admin' })).body)).toContain('The role was changed');
    expect(await accountOf(house, ann)).toMatchObject({ roles: 'admin', security_version: 2 });
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
    expect((await accountOf(house, ann)).roles).toBe('publisher');
    await browser.submit(path, { role: 'member' });
    expect((await accountOf(house, ann)).roles).toBe('');
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
    expect(await accountOf(house, person)).toMatchObject({
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
    expect(await accountOf(house, other.person)).toMatchObject({ roles: '', suspended_at: null });
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
