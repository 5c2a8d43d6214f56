import { beforeEach, describe, expect, test } from 'vitest';
import { MINUTE, tokenOf } from '../kit/attack-kit.ts';
import type { Browser } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { addPerson, enterPassword, NEXT_PASSWORD } from '../kit/people.ts';
import { forgot, reset } from '../kit/reset-kit.ts';
import { freshHouse } from '../kit/shared-house.ts';

describe.each(ENGINES)('a forgotten password, on %s', (engine) => {
  const house = freshHouse({ engine });
  let browser: Browser;
  beforeEach(() => {
    browser = house.browser();
  });

  test('the answer is the same for every address, and mail goes to stored, proven ones only (R45, R55)', async () => {
    const { db } = house.app.database;
    await addPerson(house, { email: 'ann@example.org' });
    await addPerson(house, { email: 'unproven@example.org', proven: false });
    const suspended = await addPerson(house, { email: 'suspended@example.org' });
    await db.updateTable('account').set({ suspended_at: 1 }).where('id', '=', suspended.id).execute();
    const answers = [];
    for (const email of [
      'ann@example.org',
      'unproven@example.org',
      'suspended@example.org',
      'nobody@example.org',
    ]) {
      const { status, location, body, headers } = await forgot(browser, email);
      answers.push({ status, location, body, headers: { ...headers, date: null } });
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 303, location: '/check-email' });
    expect((await house.mails()).map(({ to }) => to)).toEqual(['ann@example.org']);
  });

  test('the recovery address serves too, as it is stored', async () => {
    const { id } = await addPerson(house);
    const { db } = house.app.database;
    const row = { account_id: id, kind: 'recovery' as const, created_at: 1 };
    await db
      .insertInto('email_address')
      .values({ ...row, address_key: 'spare@example.org', address: 'Spare@example.org', proven_at: 1 })
      .execute();
    await forgot(browser, 'SPARE@example.org');
    const link = await house.link('Spare@example.org', '/reset-password');
    expect((await reset(browser, link)).status).toBe(303);
    expect(
      (await enterPassword(browser, { id, email: 'ann@example.org', password: NEXT_PASSWORD })).location,
    ).toBe('/');
    // The notice goes to the primary address: whoever took over the other one is not the only one to know.
    expect((await house.mails('ann@example.org'))[1]?.subject).toBe('Your password was changed');
    await db.updateTable('email_address').set({ proven_at: null }).where('kind', '=', 'recovery').execute();
    const before = await house.mails();
    await forgot(browser, 'spare@example.org');
    expect(await house.mails()).toEqual(before);
  });

  test('who was invited and has no password yet is invited again', async () => {
    const { id, email } = await addPerson(house, { email: 'ina@example.org' });
    await house.app.database.db
      .updateTable('account')
      .set({ password_hash: null })
      .where('id', '=', id)
      .execute();
    await forgot(browser, email);
    const link = await house.link(email, '/invitation');
    const form = { token: tokenOf(link), name: 'Ina', password: NEXT_PASSWORD };
    expect((await browser.post('/invitation', form)).location).toBe('/sign-in');
    expect((await enterPassword(browser, { id, email, password: NEXT_PASSWORD })).location).toBe('/');
  });

  test('an address is written to ten times, then it waits', async () => {
    const person = await addPerson(house);
    for (let count = 0; count < 10; count++) expect((await forgot(browser, person.email)).status).toBe(303);
    for (const email of [person.email, 'Ann@EXAMPLE.org', 'ann+x@example.org']) {
      const held = await forgot(browser, email);
      expect([held.status, held.headers['retry-after']]).toEqual([429, '60']);
    }
    house.clock.advance(MINUTE);
    expect((await forgot(browser, person.email)).status).toBe(303);
  });

  test('A43: tricks with the address reach nobody else', async () => {
    const person = await addPerson(house, { email: 'v@example.org' });
    await addPerson(house, { email: 'x@evil.example' });
    const raw = [
      'email[]=v@example.org&email[]=x@evil.example',
      'email=v@example.org&email=x@evil.example',
      'email=v@example.org,x@evil.example',
      'email=v@example.org%0aBcc:x@evil.example',
      'email=v@example.org%0d%0aBcc:%20x@evil.example',
      'email=v@example.org%00x@evil.example',
      'email=v%EF%BC%A0example.org',
      'email="v@example.org"<x@evil.example>',
      'email=v@example.org%20x@evil.example',
      'email[to]=x@evil.example&email=v@example.org',
      'email=',
      '',
    ];
    for (const body of raw) {
      const { status } = await browser.post('/forgot-password', body);
      expect([body, [400, 422].includes(status)]).toEqual([body, true]);
    }
    for (const body of ['["v@example.org"]', '{"email":{"to":"x@evil.example"}}']) {
      const { status } = await browser.post('/forgot-password', body, { 'content-type': 'application/json' });
      expect(status).toBe(415);
    }
    expect(await house.mails()).toEqual([]);
    // Full-width letters are the same address in other clothes: one mail, to the stored one.
    expect((await browser.post('/forgot-password', { email: 'ｖ@ｅxample.org' })).status).toBe(303);
    expect((await house.mails()).map(({ to }) => to)).toEqual([person.email]);
  });

  test('A44: links carry the configured host, whatever the request says', async () => {
    const person = await addPerson(house);
    const hosts = [
      { host: 'evil.example' },
      { 'x-forwarded-host': 'evil.example' },
      { forwarded: 'host=evil.example' },
    ];
    for (const headers of hosts) await browser.post('/forgot-password', { email: person.email }, headers);
    await browser.post('http://evil.example/forgot-password', { email: person.email });
    const mails = await house.mails();
    expect(mails.length).toBeGreaterThanOrEqual(3);
    for (const { text, html } of mails) {
      expect(text + html).not.toContain('evil');
      expect(text).toContain('http://localhost:3000/reset-password?token=');
    }
  });
});
