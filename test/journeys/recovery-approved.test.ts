import { beforeEach, describe, expect, test } from 'vitest';
import { DAY, HOUR, type Protected, planted, signInAgain, TERSE } from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import {
  administrator,
  askForHelp,
  dayLater,
  givePass,
  REQUESTS,
  requestOf,
  requestPath,
  twoAdministrators,
} from '../kit/recovery-kit.ts';
import { freshHouse } from '../kit/shared-house.ts';

describe.each(ENGINES)('somebody who lost everything, on %s', (engine) => {
  const house = freshHouse({ engine, env: { SUPPORT_EMAIL: 'help@example.org' } });
  let lost: Protected;
  beforeEach(async () => {
    lost = await planted(house, { name: 'Ann Example' });
  });

  const db = () => house.app.database.db;
  const textAt = async (browser: Browser, path: string) => textOf((await browser.get(path)).body);

  test('nothing is approved before the waiting time is over, and the refusal says until when', async () => {
    const [bea, carl] = await twoAdministrators(house);
    await askForHelp(house, lost.person);
    for (const reason of ['', ' ', '\u200b', '…'])
      expect(
        (await bea.browser.post(`${await requestPath(house, lost.person)}/propose`, { reason })).status,
      ).toBe(422);
    expect(
      (await bea.browser.post(`${await requestPath(house, lost.person)}/propose`, { reason: 'We met.' }))
        .status,
    ).toBe(303);
    const path = `${await requestPath(house, lost.person)}/countersign`;
    const early = await carl.browser.post(path, {}, TERSE);
    expect([early.status, early.json<{ code: string }>().code]).toEqual([409, 'recovery_waiting']);
    expect(early.json<{ message: string }>().message).toMatch(/before \d+ \w+ \d{4}, \d\d:\d\d \(UTC\)/);
    expect((await carl.browser.post(path)).body).toContain('Nothing can be approved before');

    const { effective_at } = await requestOf(house, lost.person);
    house.clock.advance(effective_at - house.clock.now() - 91_000);
    const browser = await signInAgain(house, carl);
    expect(house.clock.now()).toBe(effective_at - 1_000);
    expect((await browser.post(path)).status).toBe(409);
    house.clock.advance(1_000);
    expect((await browser.post(path)).status).toBe(303);
  });

  test('the waiting time is a rule that administrators can set, of one hour at least', async () => {
    for (const [value, hours] of [
      ['1', 1],
      ['72', 72],
      ['0', 24],
      ['soon', 24],
    ] as const) {
      await db().deleteFrom('policy_value').execute();
      await db().insertInto('policy_value').values({ key: 'recovery_wait_hours', value }).execute();
      const { person } = await planted(house);
      await askForHelp(house, person);
      const { created_at, effective_at } = await requestOf(house, person);
      expect(effective_at - created_at, value).toBe(hours * HOUR);
    }
  });

  test('where there is only one administrator, one suffices', async () => {
    const bea = await administrator(house, 'Bea Boss');
    // Neither of these could act: one is suspended, the other has no second factor.
    const gone = await administrator(house, 'Gone');
    await db().updateTable('account').set({ suspended_at: 1 }).where('id', '=', gone.person.id).execute();
    const bare = await administrator(house, 'Bare');
    await db().updateTable('account').set({ two_factor_at: null }).where('id', '=', bare.person.id).execute();
    await askForHelp(house, lost.person);
    const [boss] = (await dayLater(house, bea)) as [Browser];
    const proposed = await boss.submit(`${await requestPath(house, lost.person)}/propose`, {
      reason: 'We met.',
    });
    expect(textOf(proposed.body)).toContain('There is no other administrator who could countersign');
    expect((await boss.post(`${await requestPath(house, lost.person)}/countersign`)).location).toBe(REQUESTS);
    const [mail] = await house.mails(lost.person.email);
    expect(mail?.text).toContain('Done by: Bea Boss\n');
  });

  test('an administrator who lost everything: the others decide, never they themself', async () => {
    const [bea, carl] = await twoAdministrators(house);
    const half = await askForHelp(house, bea.person);
    expect(await textAt(half, '/recover')).toContain('countersign setup-link');
    const path = `${REQUESTS}/${(await requestOf(house, bea.person)).id}`;
    // Their old session is still there.
    expect(await textAt(bea.browser, path)).toContain('This is your own request.');
    for (const [act, fields] of [
      ['propose', { reason: 'It is me.' }],
      ['countersign', {}],
      ['refuse', {}],
    ] as const)
      expect((await bea.browser.post(`${path}/${act}`, fields)).status, act).toBe(409);
    house.clock.advance(DAY);
    const boss = await signInAgain(house, carl);
    const token = await givePass(house, bea.person, boss, boss);
    const browser = house.browser();
    const used = await browser.post('/temporary-pass', { token, password: bea.person.password });
    expect(used.location).toBe('/account/security/totp');
  });

  test('a proposal by somebody who is no administrator any more counts for nothing', async () => {
    const [bea, carl] = await twoAdministrators(house);
    const dora = await administrator(house, 'Dora Director');
    await askForHelp(house, lost.person);
    expect(
      (await bea.browser.post(`${await requestPath(house, lost.person)}/propose`, { reason: 'x' })).status,
    ).toBe(303);
    await db().updateTable('account').set({ roles: '' }).where('id', '=', bea.person.id).execute();
    const [chief, director] = (await dayLater(house, carl, dora)) as [Browser, Browser];
    expect((await chief.post(`${await requestPath(house, lost.person)}/countersign`)).status).toBe(409);
    const token = await givePass(house, lost.person, director, chief);
    expect(token).not.toBe('');
    expect((await house.mails(lost.person.email))[0]?.text).toContain('Dora Director, Carl Chief');
  });
});
