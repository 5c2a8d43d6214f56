import { beforeEach, describe, expect, test } from 'vitest';
import {
  answerRecovery,
  answerTotp,
  countOf,
  DAY,
  freshCode,
  HOUR,
  halfSignedIn,
  type Protected,
  planted,
  recordsOf,
  seesAccount,
  signInAgain,
  somebodyProtected,
  TERSE,
  tokenOf,
} from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, isSignedIn, readEnrolment } from '../kit/people.ts';
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
  const textAt = async (browser: Browser, path: string) => textOf((await browser.get(path)).body);

  async function addRecoveryAddress(address: string): Promise<void> {
    const now = house.clock.now();
    const row = { address_key: address, address, account_id: lost.person.id, created_at: now };
    await db()
      .insertInto('email_address')
      .values({ ...row, kind: 'recovery', proven_at: now })
      .execute();
  }

  test('the whole way: asked, waited, proposed, countersigned, enrolled, and everything old is gone', async () => {
    await addRecoveryAddress('spare@example.org');
    const admins = await twoAdministrators(house);
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
    const [bea, carl] = (await dayLater(house, ...admins)) as [Browser, Browser];
    const listed = textOf((await bea.get(REQUESTS)).body);
    expect(listed).toContain('Ann Example Can be decided');
    expect(listed).toContain('127.0.0.1');
    const shown = await bea.get(await requestPath(house, lost.person));
    expect(shown.body).toContain('My bag was stolen.\n&lt;b&gt;All&lt;/b&gt; of it.');

    const proposed = await bea.submit(`${await requestPath(house, lost.person)}/propose`, {
      reason: 'We met.',
    });
    expect(textOf(proposed.body)).toContain('Another administrator must countersign');
    expect((await bea.post(`${await requestPath(house, lost.person)}/countersign`)).status).toBe(409);
    expect(textOf((await carl.get(REQUESTS)).body)).toContain('Proposed');
    const given = await carl.submit(`${await requestPath(house, lost.person)}/countersign`);
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
    expect(textOf((await carl.get(await requestPath(house, lost.person))).body)).toContain(
      'New second step is on',
    );

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
    const [bea] = await twoAdministrators(house);
    let boss = bea.browser;
    for (let n = 0; n < 3; n++) {
      await askForHelp(house, lost.person);
      boss = await signInAgain(house, bea);
      expect((await boss.post(`${await requestPath(house, lost.person)}/refuse`)).status).toBe(303);
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
    expect((await nobody.get('/recover', TERSE)).status).toBe(401);

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
});
