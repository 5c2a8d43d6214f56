import { describe, expect, test } from 'vitest';
import {
  DAY,
  guessWrong,
  MINUTE,
  planted,
  pseudonymOf,
  recordsOf,
  seesAccount,
  signInAgain,
  somebody,
  somebodyProtected,
  someEmail,
} from '../kit/attack-kit.ts';
import { textOf } from '../kit/browser.ts';
import { accountOf } from '../kit/direct-sign-in.ts';
import { ENGINES, exceptSignIns } from '../kit/house.ts';
import { enterPassword, type Person } from '../kit/people.ts';
import { plantedPhone } from '../kit/phones.ts';
import { administrator, askForHelp, requestOf } from '../kit/recovery-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const pathOf = ({ id }: Person) => `/admin/people/${id}`;

describe.each(ENGINES)('an administrator and one person, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const db = () => house.app.database.db;
  const boss = () => administrator(house, 'Bo Berg');

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
    for (const secret of [
      ann.secret,
      ...ann.codes,
      (await accountOf(house, ann.person)).password_hash as string,
    ])
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
});
