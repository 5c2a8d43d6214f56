import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eraseLeavers } from '../../src/accounts/erase.ts';
import { verifyAudit } from '../../src/audit/verify.ts';
import { DAY } from '../../src/kit/clock.ts';
import { openOffice } from '../cli/operator.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addPerson, addProtectedPerson, enterPassword, isSignedIn, PASSWORD, signIn } from '../kit/people.ts';

const FORM = { confirmation: 'Ann@example.org', password: PASSWORD };

describe.each(ENGINES)('leaving on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  const tables = async (id: string) => {
    const { db } = house.app.database;
    const found: string[] = [];
    for (const table of [
      'email_address',
      'factor',
      'recovery_code',
      'recovery_code_set',
      'session',
      'pending_sign_in',
      'known_browser',
      'trusted_browser',
      'link',
      'guess_budget',
      'guess_day',
      'outbox',
      'text_sent',
      'group_member',
      'check_up',
      'account_deletion',
    ] as const)
      if (await db.selectFrom(table).select('account_id').where('account_id', '=', id).executeTakeFirst())
        found.push(table);
    if (await db.selectFrom('throttle').select('key').where('key', 'like', `%${id}%`).executeTakeFirst())
      found.push('throttle');
    if (await db.selectFrom('account').select('id').where('id', '=', id).executeTakeFirst())
      found.push('account');
    return found;
  };

  test('the account is closed at once, erased after seven days, and its address is free again', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    await enterPassword(house.browser(), { ...person, password: 'wrong-wrong-wrong' });
    const shown = await browser.get('/account/delete');
    expect(textOf(shown.body)).toContain(
      'For 7 days a link in the mail that we send you brings everything back.',
    );
    const answer = await browser.post('/account/delete', FORM);
    expect([answer.status, answer.location]).toEqual([303, '/sign-in']);
    expect(textOf((await browser.get('/sign-in')).body)).toContain('Your account is closed.');
    expect(await isSignedIn(browser)).toBe(false);

    const closed = await enterPassword(house.browser(), person);
    const stranger = await enterPassword(house.browser(), { ...person, email: 'nobody@example.org' });
    expect([closed.status, textOf(closed.body)]).toEqual([
      stranger.status,
      textOf(stranger.body).replace('nobody@', 'ann@'),
    ]);
    const [mail] = await house.mails('ann@example.org');
    expect(mail?.subject).toBe('Your account will be deleted');
    expect(mail?.text).toContain('Done by: You');
    expect(mail?.text).toMatch(/Takes effect: 10 May 2026, 10:0\d \(UTC\)/);
    expect(mail?.text).not.toContain('/account/password');

    house.clock.advance(7 * DAY - 1_000);
    expect(await eraseLeavers(house.app.deps)).toBe(0);
    expect(await tables(person.id)).toContain('account');
    house.clock.advance(1_000);
    expect(await eraseLeavers(house.app.deps)).toBe(1);
    expect(await tables(person.id)).toEqual([]);
    const mails = await house.mails('ann@example.org');
    expect(mails.map(({ subject }) => subject)).toEqual(['Your account was deleted']);
    expect(mails[0]?.text).not.toContain('http://localhost:3000/');

    const { db } = house.app.database;
    const events = await db
      .selectFrom('audit_event')
      .selectAll()
      .where('event', 'like', 'account.%')
      .orderBy('seq')
      .execute();
    const [subject] = new Set(events.map((event) => event.subject));
    expect(events.map(({ event }) => event)).toEqual(['account.deletion_requested', 'account.erased']);
    expect(subject).not.toBe(person.id);
    expect(JSON.stringify(await db.selectFrom('audit_event').selectAll().execute())).not.toMatch(
      /ann@|Ann Example/i,
    );
    expect(await verifyAudit(house.app.deps)).toMatchObject({ ok: true, problems: [] });

    const again = await addPerson(house);
    expect(again.id).not.toBe(person.id);
    expect((await enterPassword(house.browser(), again)).location).toBe('/');
    expect(secret).toHaveLength(32);
  });

  test('the link of the mail brings everything back, and signs nobody in', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    await browser.post('/account/delete', FORM);
    const link = await house.link('ann@example.org', '/undo');
    house.clock.advance(6 * DAY);
    const elsewhere = house.browser();
    const page = await elsewhere.get(link);
    expect(textOf(page.body)).toContain('Keep your account');
    // Opening it did nothing: mail scanners do.
    expect((await enterPassword(house.browser(), person)).status).toBe(422);
    expect((await elsewhere.submit('/undo', { token: page.field('token') })).body).toContain(
      'Your account will not be deleted.',
    );
    expect(await isSignedIn(elsewhere)).toBe(false);
    expect(await isSignedIn(browser)).toBe(false);
    const mails = await house.mails('ann@example.org');
    expect(mails[0]?.subject).toBe('Your account will not be deleted');
    house.clock.advance(30 * DAY);
    expect(await eraseLeavers(house.app.deps)).toBe(0);
    expect((await signIn(house, house.browser(), person, secret)).location).toBe('/');
    // Once.
    expect((await elsewhere.post('/undo', { token: page.field('token') })).status).toBe(422);
    expect((await elsewhere.get(link)).status).toBe(422);
  });

  test('the recovery address is told too, and its link works', async () => {
    const { person, browser } = await addProtectedPerson(house);
    await house.app.database.db
      .insertInto('email_address')
      .values({
        address_key: 'spare@example.org',
        account_id: person.id,
        address: 'spare@example.org',
        kind: 'recovery',
        proven_at: 1,
        created_at: 1,
      })
      .execute();
    await browser.post('/account/delete', FORM);
    const link = await house.link('spare@example.org', '/undo');
    expect(link).toBe(await house.link('ann@example.org', '/undo'));
    const page = await house.browser().get(link);
    expect((await house.browser().post('/undo', { token: page.field('token') })).status).toBe(303);
    expect((await house.mails('spare@example.org')).map(({ subject }) => subject)).toEqual([
      'Your account will not be deleted',
      'Your account will be deleted',
    ]);
  });

  test("“This wasn't me” in the mail keeps the account too, and pauses changes", async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    await browser.post('/account/delete', FORM);
    const page = await house.browser().get(await house.link('ann@example.org', '/not-me'));
    await house.browser().submit('/not-me', { token: page.field('token') });
    const back = house.browser();
    expect((await signIn(house, back, person, secret)).location).toBe('/');
    expect((await back.post('/account/delete', FORM)).status).toBe(409);
    house.clock.advance(8 * DAY);
    expect(await eraseLeavers(house.app.deps)).toBe(0);
  });

  test('a slip in the address or the password: the form again, and nothing happened', async () => {
    const { browser } = await addProtectedPerson(house);
    const wrong = await browser.post('/account/delete', { confirmation: 'ann@example.com', password: '' });
    expect(wrong.status).toBe(422);
    expect(textOf(wrong.body)).toContain('This is not the e-mail address of your account.');
    expect(wrong.field('confirmation')).toBe('ann@example.com');
    const password = await browser.post('/account/delete', { ...FORM, password: 'wrong-wrong-wrong' });
    expect([password.status, password.field('password')]).toEqual([422, '']);
    expect(await isSignedIn(browser)).toBe(true);
    expect(await house.mails('ann@example.org')).not.toContainEqual(
      expect.objectContaining({ subject: 'Your account will be deleted' }),
    );
  });

  test('the last administrator can’t leave; the last but one can', async () => {
    const { browser } = await addProtectedPersonAs(house, 'admin', 'ann@example.org');
    expect(textOf((await browser.get('/account/delete')).body)).toContain('You are the only administrator.');
    const refused = await browser.post('/account/delete', FORM);
    expect(refused.status).toBe(409);
    await addPerson(house, { email: 'bob@example.org', roles: 'admin' });
    expect((await browser.get('/account/delete')).field('confirmation')).toBe('');
    expect((await browser.post('/account/delete', FORM)).status).toBe(303);
  });
});

/** An administrator with an app and a session. */
async function addProtectedPersonAs(
  house: House,
  roles: string,
  email: string,
): Promise<{ browser: Browser }> {
  const { person, browser, secret } = await addProtectedPerson(house, { email });
  await house.app.database.db.updateTable('account').set({ roles }).where('id', '=', person.id).execute();
  expect((await signIn(house, browser, person, secret)).status).toBe(303);
  return { browser };
}

describe('what the operator does', () => {
  let office: Awaited<ReturnType<typeof openOffice>>;
  beforeAll(async () => {
    office = await openOffice();
  });
  afterAll(() => office.house.close());

  test('deletes an account for somebody, and keeps it after all; the mails say who, and hold no way around it', async () => {
    const { house, run } = office;
    const person = await addPerson(house, { email: 'eve@example.org' });
    const browser = house.browser();
    await enterPassword(browser, person);
    const done = await run('account', 'delete', 'eve@example.org', '--reason', 'Left the company', '--json');
    expect([done.code, done.stderr]).toEqual([0, '']);
    expect(done.json()).toMatchObject({
      email: 'eve@example.org',
      sessions: 1,
      erase_at: expect.any(Number),
    });
    expect(await isSignedIn(browser)).toBe(false);
    expect((await enterPassword(house.browser(), person)).status).toBe(422);
    const [mail] = await house.mails('eve@example.org');
    expect(mail?.text).toContain('Done by: The operator of this server');
    expect(mail?.text).toContain('Reason: Left the company');
    expect(mail?.text).not.toMatch(/\/undo|\/not-me|\/account\/password/);
    expect(await run('account', 'delete', 'eve@example.org', '--reason', 'again')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is already going to be deleted'),
    });
    const shown = await run('account', 'show', 'eve@example.org', '--json');
    expect(shown.json()).toMatchObject({ suspended: true, erase_at: expect.any(Number) });

    expect((await run('account', 'restore', 'eve@example.org')).code).toBe(0);
    expect((await house.mails('eve@example.org'))[0]?.subject).toBe('Your account will not be deleted');
    expect((await enterPassword(house.browser(), person)).location).toBe('/');
    house.clock.advance(8 * DAY);
    expect(await eraseLeavers(house.app.deps)).toBe(0);
  });

  test('no reason is no order; the last administrator stays', async () => {
    const { house, run } = office;
    await addPerson(house, { email: 'boss@example.org', roles: 'admin' });
    expect(await run('account', 'delete', 'boss@example.org', '--reason', ' ')).toMatchObject({ code: 2 });
    expect(await run('account', 'delete', 'boss@example.org')).toMatchObject({ code: 2 });
    expect(await run('account', 'delete', 'boss@example.org', '--reason', 'x')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('last administrator'),
    });
    expect(await run('account', 'delete', 'none@example.org', '--reason', 'x')).toMatchObject({ code: 1 });
  });

  test('who was suspended before is suspended still when the deletion is called off by who asked for it', async () => {
    const { house, run } = office;
    const person = await addPerson(house, { email: 'sue@example.org' });
    await run('account', 'suspend', 'sue@example.org');
    await run('account', 'delete', 'sue@example.org', '--reason', 'x');
    expect((await run('account', 'restore', 'sue@example.org')).code).toBe(0);
    expect((await enterPassword(house.browser(), person)).location).toBe('/');
    // Suspended anew by somebody else: that is no deletion any more.
    await run('account', 'delete', 'sue@example.org', '--reason', 'x');
    await house.app.database.db
      .updateTable('account')
      .set((eb) => ({ suspended_at: eb('suspended_at', '+', 1) }))
      .where('id', '=', person.id)
      .execute();
    house.clock.advance(30 * DAY);
    expect(await eraseLeavers(house.app.deps)).toBe(0);
    expect((await run('account', 'show', 'sue@example.org', '--json')).json()).toMatchObject({
      suspended: true,
      erase_at: null,
    });
  });
});

describe.each(ENGINES)('own data on %s', (engine) => {
  test('everything that is kept, and no secret', async () => {
    const house = await openHouse({ engine });
    try {
      const { person, browser, secret, codes } = await addProtectedPerson(house);
      await house.app.database.db
        .updateTable('account')
        .set({ time_zone: 'Europe/Madrid' })
        .where('id', '=', person.id)
        .execute();
      await addProtectedPerson(house, { email: 'other@example.org', name: 'Other' });
      expect(textOf((await browser.get('/account/export')).body)).toContain('Download your data');
      const file = await browser.post('/account/export');
      expect(file.status).toBe(200);
      expect(file.headers['content-disposition']).toBe('attachment; filename="account-data-2026-05-03.json"');
      expect(file.headers['cache-control']).toContain('no-store');
      const data = file.json<{ activity: { event: string; by: string }[] }>();
      expect(data).toMatchObject({
        server: 'http://localhost:3000',
        account: {
          id: person.id,
          email: 'ann@example.org',
          name: 'Ann Example',
          roles: ['member'],
          time_zone: 'Europe/Madrid',
          addresses: [{ address: 'ann@example.org', kind: 'primary' }],
          has_password: true,
        },
        groups: [],
        second_step: { factors: [{ kind: 'totp', name: 'Authenticator app' }], recovery_codes: { left: 10 } },
        sessions: [{ browser: expect.stringContaining('Firefox'), network: '127.0.0.1' }],
        browsers: { known: [{ network: '127.0.0.1' }], trusted: [] },
        connected_apps: [],
        recovery_requests: [],
      });
      expect(data.activity.map(({ event, by }) => [event, by])).toContainEqual(['two_factor.enabled', 'you']);
      const { password_hash } = await house.app.database.db
        .selectFrom('account')
        .select('password_hash')
        .where('id', '=', person.id)
        .executeTakeFirstOrThrow();
      for (const hidden of [
        secret,
        ...codes,
        password_hash as string,
        'token',
        'sealed',
        'other@example.org',
      ])
        expect(file.body).not.toContain(hidden);
      expect(
        (await browser.post('/account/export')).json<{ activity: { event: string }[] }>().activity[0]?.event,
      ).toBe('account.exported');
    } finally {
      await house.close();
    }
  });
});
