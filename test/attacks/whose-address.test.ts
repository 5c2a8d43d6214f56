import { describe, expect, test } from 'vitest';
import {
  answerTotp,
  countOf,
  DAY,
  freshCode,
  HOUR,
  hasNothing,
  seesAccount,
  somebody,
  somebodyProtected,
  someEmail,
  tokenOf,
} from '../kit/attack-kit.ts';
import { ENGINES } from '../kit/house.ts';
import { enterPassword, NEXT_PASSWORD } from '../kit/people.ts';
import { forgot, resetToken } from '../kit/reset-kit.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

describe.each(ENGINES)('every door asks the second step, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);

  test('A46/R48: while a change is pending, resets go to the proven address only; the undo link brings it back', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const thief = someEmail('thief');
    await browser.post('/account/email', { email: thief });
    await forgot(house.browser(), thief);
    const before = await house.mails(thief);
    expect(before.every(({ text }) => !text.includes('/reset-password'))).toBe(true);
    const early = await resetToken(house, person.email);
    const token = tokenOf(await house.link(thief, '/email-change'));
    expect((await browser.post('/email-change', { token })).status).toBe(303);
    // The reset link of before the change is dead, and the old address gets no new one.
    expect(
      (await house.browser().post('/reset-password', { token: early, password: NEXT_PASSWORD })).status,
    ).toBe(422);
    const old = (await house.mails(person.email)).length;
    await forgot(house.browser(), person.email);
    expect((await house.mails(person.email)).length).toBe(old);
    const stolen = { ...person, email: thief };
    expect((await enterPassword(house.browser(), stolen)).location).toBe('/sign-in/factor');

    house.clock.advance(7 * DAY - HOUR);
    const undo = tokenOf(await house.link(person.email, '/undo'));
    const owner = house.browser();
    expect((await owner.post('/undo', { token: undo })).location).toBe('/sign-in');
    expect(await seesAccount(browser)).toBe(false);
    await hasNothing(owner);
    expect((await enterPassword(owner, person)).location).toBe('/sign-in/factor');
    expect((await answerTotp(owner, freshCode(house, secret))).location).toBe('/');
    expect((await enterPassword(house.browser(), stolen)).status).toBe(422);
    expect((await house.browser().post('/undo', { token: undo })).status).toBe(422);
  });

  test('A46: two people who confirm the same address at once: one gets it', async () => {
    const [ann, bob] = [await somebodyProtected(house), await somebodyProtected(house)];
    const wanted = someEmail('wanted');
    await ann.browser.post('/account/email', { email: wanted });
    const annsToken = tokenOf(await house.link(wanted, '/email-change'));
    await bob.browser.post('/account/email', { email: wanted });
    const bobsToken = tokenOf(await house.link(wanted, '/email-change'));
    expect(annsToken).not.toBe(bobsToken);
    const answers = await Promise.all([
      ann.browser.post('/email-change', { token: annsToken }),
      bob.browser.post('/email-change', { token: bobsToken }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    const { db } = house.app.database;
    const owners = await db
      .selectFrom('email_address')
      .select('account_id')
      .where('address', '=', wanted)
      .execute();
    expect(owners).toHaveLength(1);
  });

  test('R47: whoever set up an account on an unproven address loses all of it when the owner proves it', async () => {
    const email = someEmail('hijacked');
    const thief = await somebody(house, { email, proven: false, password: 'thief-amber-lynx-55' });
    const thiefsBrowser = house.browser();
    await enterPassword(thiefsBrowser, thief);
    expect(await seesAccount(thiefsBrowser)).toBe(true);
    await house.browser().post('/sign-up', { name: 'The Owner', email });
    const token = tokenOf(await house.link(email, '/invitation'));
    const owner = house.browser();
    const done = await owner.post('/invitation', { token, name: 'The Owner', password: NEXT_PASSWORD });
    expect([done.status, done.location]).toEqual([303, '/sign-in']);
    await hasNothing(owner);
    expect(await seesAccount(thiefsBrowser)).toBe(false);
    expect((await enterPassword(house.browser(), thief)).status).toBe(422);
    const { db } = house.app.database;
    expect(await countOf(house, 'known_browser', thief)).toBe(0);
    const links = await db
      .selectFrom('link')
      .selectAll()
      .where('account_id', '=', thief.id)
      .where('used_at', 'is', null)
      .execute();
    expect(links).toEqual([]);
    expect((await enterPassword(house.browser(), { ...thief, password: NEXT_PASSWORD })).location).toBe('/');
    expect(
      (await house.browser().post('/invitation', { token, name: 'Again', password: 'other-amber-lynx-9' }))
        .status,
    ).toBe(422);
  });

  test('R47: an account is made when the mail is opened, so nobody can plant a name or password', async () => {
    const email = someEmail('later');
    await house.browser().post('/sign-up', { name: 'Mallory', email });
    expect((await enterPassword(house.browser(), { id: '', email, password: NEXT_PASSWORD })).status).toBe(
      422,
    );
    const { db } = house.app.database;
    expect(await db.selectFrom('email_address').selectAll().where('address', '=', email).execute()).toEqual(
      [],
    );
    const refused = await house.browser().post('/sign-up', { name: 'M', email, password: NEXT_PASSWORD });
    expect(refused.status).toBe(400);
    const token = tokenOf(await house.link(email, '/invitation'));
    const both = await Promise.all(
      [house, twin].map((at, n) =>
        at.browser().post('/invitation', { token, name: `N${n}`, password: `${NEXT_PASSWORD}${n}` }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([303, 422]);
    expect(
      await db.selectFrom('email_address').selectAll().where('address', '=', email).execute(),
    ).toHaveLength(1);
  });

  test('R49: a domain with a label that no name server knows, longer than 63, is no address', async () => {
    for (const [length, status] of [
      [63, 303],
      [64, 422],
    ] as const) {
      const email = `${someEmail('long').split('@')[0]}@${'x'.repeat(length)}.org`;
      expect([(await house.browser().post('/forgot-password', { email })).status, length]).toEqual([
        status,
        length,
      ]);
    }
  });

  test('R49: addresses are normalised before anything is compared', async () => {
    const person = await somebody(house, { email: someEmail('finn') });
    const spellings = [
      person.email.toUpperCase(),
      ` ${person.email} `,
      person.email.replace('example.org', 'EXAMPLE.ORG.'),
      person.email.replace('finn', 'ｆｉｎｎ'),
      person.email.replace('fi', 'ﬁ'),
      person.email.replace('example', 'ｅｘａｍｐｌｅ'),
      person.email.replace('.org', '。org'),
    ];
    for (const email of spellings) {
      const answer = await enterPassword(house.browser(), { ...person, email });
      expect([answer.location, email]).toEqual(['/', email]);
    }
    for (const email of [
      person.email.replace('@', '＠'),
      person.email.replace('@', '@@'),
      `x${person.email}`,
    ]) {
      expect((await enterPassword(house.browser(), { ...person, email })).status).toBe(422);
    }
    const { db } = house.app.database;
    const browser = house.browser();
    for (const email of spellings) await browser.post('/sign-up', { name: 'Twice', email });
    await house.mails();
    const links = await db
      .selectFrom('link')
      .selectAll()
      .where('purpose', '=', 'invitation')
      .where('account_id', 'is', null)
      .execute();
    expect(links.filter(({ address }) => /finn/i.test(address ?? ''))).toEqual([]);
  });
});
