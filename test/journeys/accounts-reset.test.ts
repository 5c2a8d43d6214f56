import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addPerson, addProtectedPerson, enterPassword, isSignedIn, PASSWORD, signIn } from '../kit/people.ts';

const MINUTE = 60_000;
const NEW_PASSWORD = 'amber-quilt-penguin-7';

const tokenOf = (path: string) => path.split('token=')[1] ?? '';

describe.each(ENGINES)('a forgotten password, on %s', (engine) => {
  let house: House;
  let browser: Browser;
  beforeEach(async () => {
    house = await openHouse({ engine });
    browser = house.browser();
  });
  afterEach(() => house.close());

  const forgot = (email: string, by = browser) => by.post('/forgot-password', { email });
  const resetLink = async (email: string) => {
    await forgot(email);
    return house.link(email, '/reset-password');
  };
  const reset = (path: string, password = NEW_PASSWORD, by = browser) =>
    by.post('/reset-password', { token: tokenOf(path), password });

  test('asking, opening the mail, choosing a new one, signing in', async () => {
    const person = await addPerson(house);
    expect(textOf((await browser.get('/forgot-password')).body)).toContain('Forgot your password?');
    expect(textOf((await browser.submit('/forgot-password', { email: person.email })).body)).toContain(
      'Check your mail',
    );
    const link = await house.link(person.email, '/reset-password');
    expect(textOf((await browser.get(link)).body)).toContain('Choose a new password For ann@example.org.');

    const answer = await reset(link);
    expect([answer.status, answer.location]).toEqual([303, '/sign-in']);
    expect(await isSignedIn(browser)).toBe(false);
    expect(textOf((await browser.get('/sign-in')).body)).toContain(
      'Your password was changed. Sign in with the new one.',
    );
    expect((await enterPassword(browser, person)).status).toBe(422);
    expect((await enterPassword(browser, { ...person, password: NEW_PASSWORD })).location).toBe('/');

    const [, notice] = await house.mails(person.email);
    expect(notice?.subject).toBe('Your password was changed');
    expect(notice?.text).toContain('/not-me?token=');
    const events = await house.app.database.db.selectFrom('audit_event').select('event').execute();
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['password.reset_requested', 'password.reset']),
    );
  });

  test('A42: it signs nobody in, ends every session and half-finished sign-in, and leaves the factors alone', async () => {
    const { person, browser: mine, secret } = await addProtectedPerson(house);
    const half = house.browser();
    await enterPassword(half, person);
    const { db } = house.app.database;
    const factors = await db.selectFrom('factor').selectAll().execute();
    const codes = await db.selectFrom('recovery_code').selectAll().execute();

    expect((await reset(await resetLink(person.email))).location).toBe('/sign-in');
    expect(await isSignedIn(mine)).toBe(false);
    expect((await half.get('/sign-in/factor')).location).toMatch(/^\/sign-in/);
    expect(browser.cookies.has('session')).toBe(false);
    expect(await db.selectFrom('factor').selectAll().execute()).toEqual(factors);
    expect(await db.selectFrom('recovery_code').selectAll().execute()).toEqual(codes);

    const renewed = { ...person, password: NEW_PASSWORD };
    expect((await enterPassword(browser, renewed)).location).toBe('/sign-in/factor');
    expect(await isSignedIn(browser)).toBe(false);
    expect((await signIn(house, browser, renewed, secret)).location).toBe('/');
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('opening the link spends nothing (R43)', async () => {
    const person = await addPerson(house);
    const link = await resetLink(person.email);
    for (let count = 0; count < 3; count++) expect((await house.browser().get(link)).status).toBe(200);
    expect((await browser.send('HEAD', link, undefined, {})).status).toBe(200);
    expect((await reset(link)).status).toBe(303);
  });

  test('it works once (R43)', async () => {
    const person = await addPerson(house);
    const link = await resetLink(person.email);
    await reset(link);
    for (const answer of [await browser.get(link), await reset(link, 'bramble-kiosk-tuba-3')]) {
      expect(answer.status).toBe(422);
      expect(textOf(answer.body)).toContain('This link has been used already');
    }
    expect((await enterPassword(browser, { ...person, password: NEW_PASSWORD })).location).toBe('/');
  });

  test('of twenty who use it at once on two instances, one wins', async () => {
    const person = await addPerson(house);
    const link = await resetLink(person.email);
    const twin = await house.twin();
    const passwords = Array.from({ length: 20 }, (_, index) => `amber-quilt-penguin-${index}`);
    const answers = await Promise.all(
      passwords.map((password, index) => reset(link, password, (index % 2 ? twin : house).browser())),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(19).fill(422)]);
    const winner = passwords[answers.findIndex(({ status }) => status === 303)] as string;
    expect((await enterPassword(browser, { ...person, password: winner })).location).toBe('/');
    const notices = (await house.mails(person.email)).filter(
      ({ subject }) => subject === 'Your password was changed',
    );
    expect(notices.length).toBe(1);
  });

  test('a newer one voids the older, thirty minutes void it, and so does any security change', async () => {
    const person = await addPerson(house);
    const older = await resetLink(person.email);
    house.clock.advance(MINUTE);
    const newer = await resetLink(person.email);
    expect(newer).not.toBe(older);
    expect((await reset(older)).status).toBe(422);
    house.clock.advance(30 * MINUTE - 1);
    expect((await browser.get(newer)).status).toBe(200);
    house.clock.advance(1);
    expect((await browser.get(newer)).status).toBe(422);
    expect((await reset(newer)).status).toBe(422);

    const stale = await resetLink(person.email);
    await house.app.database.db.updateTable('account').set({ security_version: 9 }).execute();
    expect((await browser.get(stale)).status).toBe(422);
    expect((await reset(stale)).status).toBe(422);
    expect((await enterPassword(browser, person)).location).toBe('/');
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
      const { status, location, body, headers } = await forgot(email);
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
    await forgot('SPARE@example.org');
    const link = await house.link('Spare@example.org', '/reset-password');
    expect((await reset(link)).status).toBe(303);
    expect(
      (await enterPassword(browser, { id, email: 'ann@example.org', password: NEW_PASSWORD })).location,
    ).toBe('/');
    // The notice goes to the primary address: whoever took over the other one is not the only one to know.
    expect((await house.mails('ann@example.org'))[1]?.subject).toBe('Your password was changed');
    await db.updateTable('email_address').set({ proven_at: null }).where('kind', '=', 'recovery').execute();
    const before = await house.mails();
    await forgot('spare@example.org');
    expect(await house.mails()).toEqual(before);
  });

  test('who was invited and has no password yet is invited again', async () => {
    const { id, email } = await addPerson(house, { email: 'ina@example.org' });
    await house.app.database.db
      .updateTable('account')
      .set({ password_hash: null })
      .where('id', '=', id)
      .execute();
    await forgot(email);
    const link = await house.link(email, '/invitation');
    const form = { token: tokenOf(link), name: 'Ina', password: NEW_PASSWORD };
    expect((await browser.post('/invitation', form)).location).toBe('/sign-in');
    expect((await enterPassword(browser, { id, email, password: NEW_PASSWORD })).location).toBe('/');
  });

  test('A8: it ends a hold on typed codes and refills nothing; wrong passwords before it are forgotten', async () => {
    const { person, browser: mine } = await addProtectedPerson(house);
    const { db } = house.app.database;
    const held = {
      account_id: person.id,
      block: 3,
      run: 40,
      holds: 2,
      hold_until_at: house.clock.now() + 60 * MINUTE,
    };
    await db
      .insertInto('guess_budget')
      .values({ ...held, reserved_at: null, closed_at: null, relieved_at: null })
      .execute();
    for (let count = 0; count < 11; count++)
      await enterPassword(browser, { ...person, password: 'wrong wrong wrong' });
    expect((await enterPassword(browser, person)).status).toBe(429);

    await reset(await resetLink(person.email), NEW_PASSWORD, mine);
    expect((await enterPassword(browser, { ...person, password: NEW_PASSWORD })).location).toBe(
      '/sign-in/factor',
    );
    const budget = await db.selectFrom('guess_budget').selectAll().executeTakeFirstOrThrow();
    expect(budget).toMatchObject({
      block: 3,
      run: 40,
      holds: 2,
      hold_until_at: null,
      relieved_at: house.clock.now(),
    });
    // The browser that signed in fully before stays known (R59).
    expect(mine.cookies.has('browser')).toBe(true);
    expect((await db.selectFrom('known_browser').select('account_id').execute()).length).toBe(1);
  });

  test('mistakes come back beside the field, and the link stays good', async () => {
    const person = await addPerson(house);
    const link = await resetLink(person.email);
    const complaints: [string, string][] = [
      ['', 'Fill this in.'],
      ['x7Qx7Qx7Qx7', 'Use at least 12 characters.'],
      ['password1234', 'everybody tries first'],
      ['abcdefghijkl', 'This would be guessed quickly.'],
      ['Countersign-1', 'Don’t build it from your name'],
      ['ann.example.2026', 'Don’t build it from your name'],
    ];
    for (const [password, complaint] of complaints) {
      const answer = await reset(link, password);
      expect([answer.status, textOf(answer.body)]).toEqual([422, expect.stringContaining(complaint)]);
      expect(answer.field('token')).toBe(tokenOf(link));
    }
    expect((await forgot('x')).status).toBe(422);
    expect(textOf((await forgot('x')).body)).toContain('Type one e-mail address');
    expect((await reset(link)).status).toBe(303);
  });

  test('an address is written to ten times, then it waits', async () => {
    const person = await addPerson(house);
    for (let count = 0; count < 10; count++) expect((await forgot(person.email)).status).toBe(303);
    for (const email of [person.email, 'Ann@EXAMPLE.org', 'ann+x@example.org']) {
      const held = await forgot(email);
      expect([held.status, held.headers['retry-after']]).toEqual([429, '60']);
    }
    house.clock.advance(MINUTE);
    expect((await forgot(person.email)).status).toBe(303);
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

  test('R4: the same text in another Unicode form is the same password, another text is not', async () => {
    const person = await addPerson(house);
    const composed = 'caf\u00e9 velvet otter ';
    expect((await reset(await resetLink(person.email), composed)).status).toBe(303);
    const enter = async (password: string) => (await enterPassword(browser, { ...person, password })).status;
    expect(await enter('cafe\u0301 velvet otter ')).toBe(303);
    expect(await enter(composed)).toBe(303);
    for (const other of [
      'caf\u00e9 velvet otter',
      'Caf\u00e9 velvet otter ',
      ' caf\u00e9 velvet otter ',
      'cafe velvet otter ',
    ])
      expect(await enter(other)).toBe(422);
  });

  test('R1: a thousand and twenty-four bytes count to the last one, one more is answered with 400', async () => {
    const person = await addPerson(house);
    const long = 'amber quilt penguin 7 '.repeat(60);
    const link = await resetLink(person.email);
    const tooLong = await reset(link, long.slice(0, 1025));
    expect(tooLong.status).toBe(400);
    // The form again, which says why: not just that something is wrong with the request.
    expect(textOf(tooLong.body)).toMatch(/Choose a new password .* Use at most 1,024 bytes\./);
    const json = { accept: 'application/json' };
    const told = await browser.post(
      '/reset-password',
      { token: tokenOf(link), password: long.slice(0, 1025) },
      json,
    );
    expect(told.json()).toMatchObject({
      code: 'malformed_request',
      fields: { password: 'password_too_long' },
    });
    expect((await reset(link, long.slice(0, 1024))).status).toBe(303);
    const enter = async (password: string) => (await enterPassword(browser, { ...person, password })).status;
    expect(await enter(long.slice(0, 1024))).toBe(303);
    for (const at of [72, 73, 511, 1023]) {
      const changed = `${long.slice(0, at)}!${long.slice(at + 1, 1024)}`;
      expect([at, await enter(changed)]).toEqual([at, 422]);
    }
  });
});

test('R2: bad passwords are refused on every way in, with the reason', async () => {
  const house = await openHouse();
  const browser = house.browser();
  const person = await addPerson(house, { email: 'ann@example.org' });
  await browser.post('/forgot-password', { email: person.email });
  await browser.post('/sign-up', { name: 'Bob', email: 'bob@example.org' });
  const reset = { token: tokenOf(await house.link(person.email, '/reset-password')) };
  const invitation = { token: tokenOf(await house.link('bob@example.org', '/invitation')), name: 'Bob' };
  const { setUpLink } = await import('../../src/sign-in/set-up-link.ts');
  const setUp = {
    token: tokenOf((await setUpLink(house.app.deps)) ?? ''),
    name: 'Ada',
    email: 'ada@example.org',
  };
  for (const password of [
    'password1234',
    'qwertyuiop12',
    'correcthorsebatterystaple',
    '111111111111',
    'Countersign2026',
  ]) {
    for (const [path, fields] of Object.entries({
      '/reset-password': reset,
      '/invitation': invitation,
      '/setup': setUp,
    })) {
      const answer = await browser.post(path, { ...fields, password });
      expect([path, password, answer.status]).toEqual([path, password, 422]);
      expect(answer.body).toContain('id="f-password-error"');
    }
  }
  expect((await enterPassword(browser, { ...person, password: PASSWORD })).location).toBe('/');
  await house.close();
});
