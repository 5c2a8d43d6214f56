import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  answerRecovery,
  answerTotp,
  countOf,
  DAY,
  freshCode,
  HOUR,
  halfSignedIn,
  MINUTE,
  type Protected,
  planted,
  recordsOf,
  securityOf,
  seesAccount,
  signInAgain,
  somebodyProtected,
  tokenOf,
} from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { appCode, enterPassword, isSignedIn, readEnrolment } from '../kit/people.ts';
import {
  type Administrator,
  administrator,
  askForHelp,
  givePass,
  REQUESTS,
  requestOf,
} from '../kit/recovery-kit.ts';

const JSON_ONLY = { accept: 'application/json' };

describe.each(ENGINES)('somebody who lost everything, on %s', (engine) => {
  let house: House;
  let lost: Protected;
  beforeEach(async () => {
    house = await openHouse({ engine, env: { SUPPORT_EMAIL: 'help@example.org' } });
    lost = await planted(house, { name: 'Ann Example' });
  });
  afterEach(() => house.close());

  const db = () => house.app.database.db;
  const pathOf = async () => `${REQUESTS}/${(await requestOf(house, lost.person)).id}`;
  const textAt = async (browser: Browser, path: string) => textOf((await browser.get(path)).body);

  async function addRecoveryAddress(address: string): Promise<void> {
    const now = house.clock.now();
    const row = { address_key: address, address, account_id: lost.person.id, created_at: now };
    await db()
      .insertInto('email_address')
      .values({ ...row, kind: 'recovery', proven_at: now })
      .execute();
  }

  async function twoAdministrators(): Promise<[Administrator, Administrator]> {
    return [await administrator(house, 'Bea Boss'), await administrator(house, 'Carl Chief')];
  }

  /** The waiting time is over, and both administrators have signed in anew. */
  async function dayLater(...people: Administrator[]): Promise<Browser[]> {
    house.clock.advance(DAY);
    const browsers: Browser[] = [];
    for (const one of people) browsers.push(await signInAgain(house, one));
    return browsers;
  }

  test('the whole way: asked, waited, proposed, countersigned, enrolled, and everything old is gone', async () => {
    await addRecoveryAddress('spare@example.org');
    const admins = await twoAdministrators();
    const old = await halfSignedIn(house, lost.person);
    expect((await answerTotp(old, appCode(house, lost.secret))).location).toBe('/');
    const half = await halfSignedIn(house, lost.person);
    expect((await half.get('/sign-in/factor')).body).toContain('<a href="/recover">I lost everything</a>');
    expect(await textAt(half, '/recover')).toContain('We wait 24 hours');
    const next = await half.submit('/recover', { reason: 'My bag was stolen.\r\n<b>All</b> of it.' });
    expect(textOf(next.body)).toContain('Your request is under way');

    for (const to of [lost.person.email, 'spare@example.org']) {
      const [mail] = await house.mails(to);
      expect(mail?.subject).toBe('Recovery of your account was requested');
      expect(mail?.text).toContain('/recover/cancel?token=');
      expect(mail?.text).toMatch(/Takes effect: \d+ \w+ \d{4}, \d\d:\d\d \(UTC\)/);
    }
    const [bea, carl] = (await dayLater(...admins)) as [Browser, Browser];
    const listed = textOf((await bea.get(REQUESTS)).body);
    expect(listed).toContain('Ann Example Can be decided');
    expect(listed).toContain('127.0.0.1');
    const shown = await bea.get(await pathOf());
    expect(shown.body).toContain('My bag was stolen.\n&lt;b&gt;All&lt;/b&gt; of it.');

    const proposed = await bea.submit(`${await pathOf()}/propose`, { reason: 'We met.' });
    expect(textOf(proposed.body)).toContain('Another administrator must countersign');
    expect((await bea.post(`${await pathOf()}/countersign`)).status).toBe(409);
    expect(textOf((await carl.get(REQUESTS)).body)).toContain('Proposed');
    const given = await carl.submit(`${await pathOf()}/countersign`);
    expect(textOf(given.body)).toContain('The temporary pass is on its way.');
    expect(textOf(given.body)).toContain('Nobody is asking for help.');

    const tokens = new Set<string>();
    for (const to of [lost.person.email, 'spare@example.org']) {
      const [mail] = await house.mails(to);
      expect(mail?.subject).toBe('An administrator reset your two-factor authentication');
      for (const said of ['Done by: Bea Boss, Carl Chief', 'Reason: We met.', 'Works until: '])
        expect(mail?.text).toContain(said);
      // Where the administrators sit is not told.
      expect(mail?.text).not.toContain('Network address');
      tokens.add(tokenOf(await house.link(to, '/temporary-pass')));
    }
    expect(tokens.size).toBe(1);
    const [token = ''] = tokens;

    const browser = house.browser();
    const page = await browser.get(`/temporary-pass?token=${token}`);
    expect(textOf(page.body)).toContain(`A temporary pass for ${lost.person.email}.`);
    expect(page.headers['set-cookie']).toBeUndefined();
    const used = await browser.post('/temporary-pass', { token, password: lost.person.password });
    expect([used.status, used.location]).toEqual([303, '/account/security/totp']);
    expect(textOf((await browser.get('/account/security')).body)).toContain('Set up a new second step');
    const enrolment = readEnrolment((await browser.get('/account/security/totp')).body);
    expect(enrolment.codes).toHaveLength(10);
    const done = await browser.submit('/account/security/totp', { code: appCode(house, enrolment.secret) });
    expect(textOf(done.body)).toContain('Two-factor authentication is on.');
    expect(await isSignedIn(browser)).toBe(true);
    expect((await house.mails(lost.person.email))[0]?.subject).toBe('Two-factor authentication is on');

    // The old app, the old codes and the old session are gone; the new ones work.
    expect(await seesAccount(old)).toBe(false);
    expect(await countOf(house, 'factor', lost.person)).toBe(1);
    expect(await countOf(house, 'recovery_code', lost.person)).toBe(10);
    const again = await halfSignedIn(house, lost.person);
    expect((await answerTotp(again, freshCode(house, lost.secret))).status).toBe(422);
    expect((await answerRecovery(again, lost.codes[0] as string)).status).toBe(422);
    expect((await answerRecovery(again, enrolment.codes[0] as string)).location).toBe('/');
    expect(textOf((await carl.get(await pathOf())).body)).toContain('New second step is on');

    const events = (await recordsOf(house, lost.person)).map(({ event }) => event);
    expect(events.filter((event) => /^recovery\.|renewed/.test(event))).toEqual([
      'recovery.requested',
      'recovery.proposed',
      'recovery.approved',
      'recovery.pass_used',
      'two_factor.renewed',
    ]);
  });

  test('asked again, it says what is under way and makes no second request', async () => {
    const first = await askForHelp(house, lost.person);
    house.clock.advance(HOUR);
    const second = await askForHelp(house, lost.person, 'Please!');
    for (const browser of [first, second].slice(1))
      expect(await textAt(browser, '/recover')).toContain('Nothing is decided before');
    expect(await countOf(house, 'recovery_request', lost.person)).toBe(1);
    expect(await house.mails(lost.person.email)).toHaveLength(1);
    // Ten at once make one.
    const bob = await planted(house);
    const browsers = [];
    for (let n = 0; n < 10; n++) browsers.push(await halfSignedIn(house, bob.person));
    const answers = await Promise.all(browsers.map((browser) => browser.post('/recover', {})));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(303));
    expect(await countOf(house, 'recovery_request', bob.person)).toBe(1);
    expect(await house.mails(bob.person.email)).toHaveLength(1);
  });

  test('after three requests in thirty days it names the support address instead', async () => {
    const [bea] = await twoAdministrators();
    let boss = bea.browser;
    for (let n = 0; n < 3; n++) {
      await askForHelp(house, lost.person);
      boss = await signInAgain(house, bea);
      expect((await boss.post(`${await pathOf()}/refuse`)).status).toBe(303);
    }
    const browser = await halfSignedIn(house, lost.person);
    const page = await browser.get('/recover');
    expect(textOf(page.body)).toContain('You have asked three times already');
    expect(page.body).toContain('mailto:help@example.org');
    const refused = await browser.post('/recover', {});
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(29 * 86_400);
    expect(await countOf(house, 'recovery_request', lost.person)).toBe(3);
    house.clock.advance(30 * DAY);
    await askForHelp(house, lost.person);
    expect(await countOf(house, 'recovery_request', lost.person)).toBe(4);
  });

  test('a reason has at most five hundred characters, and none at all is fine', async () => {
    const browser = await halfSignedIn(house, lost.person);
    const long = await browser.post('/recover', { reason: 'x'.repeat(501) });
    expect([long.status, textOf(long.body)]).toEqual([422, expect.stringContaining('This is too long.')]);
    expect(await countOf(house, 'recovery_request', lost.person)).toBe(0);
    // A line break is one character, as the browser counts it.
    await browser.post('/recover', { reason: '\r\n'.repeat(10) + 'x'.repeat(490) });
    expect((await requestOf(house, lost.person)).reason).toBe('x'.repeat(490));
    const bob = await planted(house);
    await askForHelp(house, bob.person, '');
    expect((await requestOf(house, bob.person)).reason).toBe('');
  });

  test('without a password nobody asks; frozen and suspended accounts do not either', async () => {
    const nobody = house.browser();
    for (const page of [await nobody.get('/recover'), await nobody.post('/recover', {})])
      expect([page.status, page.location]).toEqual([303, '/sign-in?return_to=%2Frecover']);
    expect((await nobody.get('/recover', JSON_ONLY)).status).toBe(401);

    const signedIn = await somebodyProtected(house);
    expect((await signedIn.browser.get('/recover')).location).toBe('/sign-in');

    const until = house.clock.now() + HOUR;
    await db()
      .updateTable('account')
      .set({ frozen_until_at: until })
      .where('id', '=', lost.person.id)
      .execute();
    const browser = await halfSignedIn(house, lost.person);
    expect((await browser.get('/recover')).status).toBe(409);
    expect((await browser.post('/recover', {})).status).toBe(409);
    await db().updateTable('account').set({ suspended_at: 1 }).where('id', '=', lost.person.id).execute();
    expect((await browser.post('/recover', {})).location).toBe('/sign-in');
    expect(await countOf(house, 'recovery_request', lost.person)).toBe(0);
  });

  test('five wrong answers end the way to help too', async () => {
    const browser = await halfSignedIn(house, lost.person);
    for (let n = 0; n < 5; n++) await answerRecovery(browser, 'AAAA-AAAA-AAAA-AAAA');
    expect((await browser.post('/recover', {})).location).toBe('/sign-in');
  });

  test('the link of the mail cancels it by its button, without a sign-in, once', async () => {
    const [bea, carl] = await twoAdministrators();
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
    const [boss] = (await dayLater(bea, carl)) as [Browser, Browser];
    expect(textOf((await boss.get(REQUESTS)).body)).toContain('Nobody is asking for help.');
    expect((await boss.post(`${await pathOf()}/propose`, { reason: 'x' })).status).toBe(409);
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
    const [bea, carl] = await twoAdministrators();
    await askForHelp(house, lost.person);
    await db()
      .updateTable('account')
      .set((eb) => ({ security_version: eb('security_version', '+', 1) }))
      .where('id', '=', lost.person.id)
      .execute();
    const [boss] = (await dayLater(bea, carl)) as [Browser, Browser];
    expect(textOf((await boss.get(REQUESTS)).body)).toContain('Nobody is asking for help.');
    expect((await boss.post(`${await pathOf()}/propose`, { reason: 'x' })).status).toBe(409);
    await askForHelp(house, lost.person);
    expect(textOf((await boss.get(REQUESTS)).body)).toContain('Ann Example Waiting time');
  });

  test('an administrator refuses it, and the person is told', async () => {
    const [bea] = await twoAdministrators();
    await askForHelp(house, lost.person);
    const cancel = { token: tokenOf(await house.link(lost.person.email, '/recover/cancel')) };
    const done = await bea.browser.submit(`${await pathOf()}/refuse`);
    expect(textOf(done.body)).toContain('The request was refused.');
    expect((await house.mails(lost.person.email))[0]?.subject).toBe('Recovery of your account was refused');
    expect((await house.browser().post('/recover/cancel', cancel)).status).toBe(422);
    const [boss] = (await dayLater(bea)) as [Browser];
    for (const [act, fields] of [
      ['propose', { reason: 'x' }],
      ['countersign', {}],
      ['refuse', {}],
    ] as const)
      expect((await boss.post(`${await pathOf()}/${act}`, fields)).status, act).toBe(409);
  });

  test('nothing is approved before the waiting time is over, and the refusal says until when', async () => {
    const [bea, carl] = await twoAdministrators();
    await askForHelp(house, lost.person);
    for (const reason of ['', ' ', '\u200b', '…'])
      expect((await bea.browser.post(`${await pathOf()}/propose`, { reason })).status).toBe(422);
    expect((await bea.browser.post(`${await pathOf()}/propose`, { reason: 'We met.' })).status).toBe(303);
    const path = `${await pathOf()}/countersign`;
    const early = await carl.browser.post(path, {}, JSON_ONLY);
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
    const [boss] = (await dayLater(bea)) as [Browser];
    const proposed = await boss.submit(`${await pathOf()}/propose`, { reason: 'We met.' });
    expect(textOf(proposed.body)).toContain('There is no other administrator who could countersign');
    expect((await boss.post(`${await pathOf()}/countersign`)).location).toBe(REQUESTS);
    const [mail] = await house.mails(lost.person.email);
    expect(mail?.text).toContain('Done by: Bea Boss\n');
  });

  test('an administrator who lost everything: the others decide, never they themself', async () => {
    const [bea, carl] = await twoAdministrators();
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
    const [bea, carl] = await twoAdministrators();
    const dora = await administrator(house, 'Dora Director');
    await askForHelp(house, lost.person);
    expect((await bea.browser.post(`${await pathOf()}/propose`, { reason: 'x' })).status).toBe(303);
    await db().updateTable('account').set({ roles: '' }).where('id', '=', bea.person.id).execute();
    const [chief, director] = (await dayLater(carl, dora)) as [Browser, Browser];
    expect((await chief.post(`${await pathOf()}/countersign`)).status).toBe(409);
    const token = await givePass(house, lost.person, director, chief);
    expect(token).not.toBe('');
    expect((await house.mails(lost.person.email))[0]?.text).toContain('Dora Director, Carl Chief');
  });

  test('a pass that is not used within its hour leaves everything as it was', async () => {
    const admins = await twoAdministrators();
    await askForHelp(house, lost.person);
    const [bea, carl] = (await dayLater(...admins)) as [Browser, Browser];
    const before = await securityOf(house, lost.person);
    const token = await givePass(house, lost.person, bea, carl);
    expect(await securityOf(house, lost.person)).toEqual(before);
    // Half way through: the enrolment ends with the pass's hour, not half an hour later.
    house.clock.advance(50 * MINUTE);
    const browser = house.browser();
    const form = { token, password: lost.person.password };
    expect((await browser.post('/temporary-pass', form)).status).toBe(303);
    const { secret } = readEnrolment((await browser.get('/account/security/totp')).body);
    house.clock.advance(10 * MINUTE);
    const late = await browser.post('/account/security/totp', { code: appCode(house, secret) });
    expect(late.location).toMatch(/^\/sign-in/);
    expect(await securityOf(house, lost.person)).toEqual(before);

    const other = await planted(house);
    await askForHelp(house, other.person);
    const [bea2, carl2] = (await dayLater(...admins)) as [Browser, Browser];
    const unused = await givePass(house, other.person, bea2, carl2);
    house.clock.advance(HOUR);
    expect((await house.browser().get(`/temporary-pass?token=${unused}`)).status).toBe(422);
    const answer = await house
      .browser()
      .post('/temporary-pass', { token: unused, password: other.person.password });
    expect(answer.status).toBe(422);
    // The old app still signs in.
    const again = await halfSignedIn(house, lost.person);
    expect((await answerTotp(again, freshCode(house, lost.secret))).location).toBe('/');
    // And whoever still needs help may ask anew.
    await askForHelp(house, other.person);
  });

  test('trying the password beside it does not cost the pass; somebody else who signs in here does', async () => {
    const admins = await twoAdministrators();
    await askForHelp(house, lost.person);
    const [bea, carl] = (await dayLater(...admins)) as [Browser, Browser];
    const token = await givePass(house, lost.person, bea, carl);
    const browser = house.browser();
    await browser.post('/temporary-pass', { token, password: lost.person.password });
    const { secret } = readEnrolment((await browser.get('/account/security/totp')).body);
    expect((await enterPassword(browser, lost.person)).location).toBe('/sign-in/factor');
    expect((await browser.post('/sign-in/cancel')).status).toBe(303);
    expect(readEnrolment((await browser.get('/account/security/totp')).body).secret).toBe(secret);

    const { cookies } = browser;
    const other = house.browser();
    for (const [name, value] of cookies) other.cookies.set(name, value);
    const carla = await planted(house);
    expect((await enterPassword(other, carla.person)).location).toBe('/sign-in/factor');
    expect(other.cookies.has('enrolment')).toBe(false);
    expect((await browser.get('/account/security/totp')).location).toMatch(/^\/sign-in/);
  });

  test('found again within the hour: signing in with the old app ends the pass', async () => {
    const admins = await twoAdministrators();
    await askForHelp(house, lost.person);
    const [bea, carl] = (await dayLater(...admins)) as [Browser, Browser];
    const token = await givePass(house, lost.person, bea, carl);
    const enrolling = house.browser();
    await enrolling.post('/temporary-pass', { token, password: lost.person.password });
    const { secret } = readEnrolment((await enrolling.get('/account/security/totp')).body);
    const half = await halfSignedIn(house, lost.person);
    expect((await answerTotp(half, freshCode(house, lost.secret))).location).toBe('/');
    const late = await enrolling.post('/account/security/totp', { code: appCode(house, secret) });
    expect(late.location).toMatch(/^\/sign-in/);
    expect(await enterPassword(house.browser(), lost.person)).toMatchObject({ location: '/sign-in/factor' });
    expect(await seesAccount(half)).toBe(true);
  });
});
