import { beforeEach, describe, expect, test } from 'vitest';
import {
  answerRecovery,
  answerTotp,
  countOf,
  freshCode,
  halfSignedIn,
  MINUTE,
  type Protected,
  planted,
  somebodyProtected,
  tokenOf,
} from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import {
  askForHelp,
  dayLater,
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

  test('the link of the mail cancels it by its button, without a sign-in, once', async () => {
    const [bea, carl] = await twoAdministrators(house);
    await askForHelp(house, lost.person);
    const link = await house.link(lost.person.email, '/recover/cancel');
    const visitor = house.browser();
    for (let n = 0; n < 3; n++) expect((await visitor.get(link)).status).toBe(200);
    expect((await requestOf(house, lost.person)).cancelled_at).toBeNull();
    const token = tokenOf(link);
    const done = await visitor.submit('/recover/cancel', { token });
    expect(textOf(done.body)).toContain('The request is cancelled');
    expect((await requestOf(house, lost.person)).cancelled_at).toBe(house.clock.now());
    expect((await house.mails(lost.person.email))[0]?.subject).toBe('Recovery of your account was cancelled');
    expect((await visitor.post('/recover/cancel', { token })).status).toBe(422);
    expect((await visitor.get('/recover/cancel?token=abc')).status).toBe(422);
    const [boss] = (await dayLater(house, bea, carl)) as [Browser, Browser];
    expect(textOf((await boss.get(REQUESTS)).body)).toContain('Nobody is asking for help.');
    expect(
      (await boss.post(`${await requestPath(house, lost.person)}/propose`, { reason: 'x' })).status,
    ).toBe(409);
    // Asked anew, there is a new one.
    await askForHelp(house, lost.person);
    expect(await countOf(house, 'recovery_request', lost.person)).toBe(2);
  });

  test('a sign-in with the app or a recovery code cancels it, and tells', async () => {
    const ways: ((browser: Browser) => Promise<unknown>)[] = [
      (browser) => answerTotp(browser, freshCode(house, lost.secret)),
      (browser) => answerRecovery(browser, lost.codes[0] as string),
    ];
    for (const answer of ways) {
      await askForHelp(house, lost.person);
      const browser = await halfSignedIn(house, lost.person);
      await answerRecovery(browser, 'AAAA-AAAA-AAAA-AAAA');
      expect((await requestOf(house, lost.person)).cancelled_at).toBeNull();
      await answer(browser);
      expect((await requestOf(house, lost.person)).cancelled_at).toBe(house.clock.now());
      const told = (await house.mails(lost.person.email)).find(({ subject }) => /cancelled/.test(subject));
      expect(told?.text).toContain('You signed in with your second step or a recovery code');
      house.clock.advance(MINUTE);
    }
  });

  test('a new password, a new address and "This wasn\'t me" cancel it', async () => {
    await askForHelp(house, lost.person);
    await house.browser().post('/forgot-password', { email: lost.person.email });
    const token = tokenOf(await house.link(lost.person.email, '/reset-password'));
    const password = 'brisk-teal-heron-77';
    expect((await house.browser().post('/reset-password', { token, password })).status).toBe(303);
    expect((await requestOf(house, lost.person)).cancelled_at).not.toBeNull();

    const moving = await somebodyProtected(house);
    await askForHelp(house, moving.person);
    await moving.browser.post('/account/email', { email: 'moved@example.org' });
    const change = { token: tokenOf(await house.link('moved@example.org', '/email-change')) };
    expect((await moving.browser.post('/email-change', change)).status).toBe(303);
    expect((await requestOf(house, moving.person)).cancelled_at).not.toBeNull();
    const told = (await house.mails(moving.person.email)).map(({ subject }) => subject);
    expect(told).toContain('Recovery of your account was cancelled');

    const robbed = await planted(house);
    await askForHelp(house, robbed.person);
    const notMe = { token: tokenOf(await house.link(robbed.person.email, '/not-me')) };
    expect((await house.browser().post('/not-me', notMe)).status).toBe(303);
    expect((await requestOf(house, robbed.person)).cancelled_at).not.toBeNull();
  });

  test('whatever else changes the account’s security overtakes it', async () => {
    const [bea, carl] = await twoAdministrators(house);
    await askForHelp(house, lost.person);
    await db()
      .updateTable('account')
      .set((eb) => ({ security_version: eb('security_version', '+', 1) }))
      .where('id', '=', lost.person.id)
      .execute();
    const [boss] = (await dayLater(house, bea, carl)) as [Browser, Browser];
    expect(textOf((await boss.get(REQUESTS)).body)).toContain('Nobody is asking for help.');
    expect(
      (await boss.post(`${await requestPath(house, lost.person)}/propose`, { reason: 'x' })).status,
    ).toBe(409);
    await askForHelp(house, lost.person);
    expect(textOf((await boss.get(REQUESTS)).body)).toContain('Ann Example Waiting time');
  });

  test('an administrator refuses it, and the person is told', async () => {
    const [bea] = await twoAdministrators(house);
    await askForHelp(house, lost.person);
    const cancel = { token: tokenOf(await house.link(lost.person.email, '/recover/cancel')) };
    const done = await bea.browser.submit(`${await requestPath(house, lost.person)}/refuse`);
    expect(textOf(done.body)).toContain('The request was refused.');
    expect((await house.mails(lost.person.email))[0]?.subject).toBe('Recovery of your account was refused');
    expect((await house.browser().post('/recover/cancel', cancel)).status).toBe(422);
    const [boss] = (await dayLater(house, bea)) as [Browser];
    for (const [act, fields] of [
      ['propose', { reason: 'x' }],
      ['countersign', {}],
      ['refuse', {}],
    ] as const)
      expect((await boss.post(`${await requestPath(house, lost.person)}/${act}`, fields)).status, act).toBe(
        409,
      );
  });
});
