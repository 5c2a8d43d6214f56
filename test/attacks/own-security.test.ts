import { describe, expect, test } from 'vitest';
import {
  answerRecovery,
  answerTotp,
  copyOf,
  countOf,
  DAY,
  factorIdOf,
  freshCode,
  HOUR,
  halfSignedIn,
  MINUTE,
  planted,
  recordsOf,
  SECOND,
  securityOf,
  seesAccount,
  signInAgain,
  somebody,
  somebodyProtected,
  tryCode,
} from '../kit/attack-kit.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, enterPassword, NEXT_PASSWORD, readEnrolment } from '../kit/people.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

describe.each(ENGINES)('changing what security rests on, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);

  test('A36: the only factor is removed by the whole ceremony of disabling, and the codes go with it', async () => {
    const { person, browser } = await somebodyProtected(house);
    const id = await factorIdOf(house, person);
    const state = await securityOf(house, person);
    const led = await browser.post(`/account/security/factors/${id}/remove`);
    expect([led.status, led.location]).toEqual([303, '/account/security/disable']);
    expect(await securityOf(house, person)).toEqual(state);
    expect((await browser.post('/account/security/disable', { password: 'not this one' })).status).toBe(422);
    expect(await securityOf(house, person)).toEqual(state);
    expect((await browser.post('/account/security/disable', { password: person.password })).status).toBe(303);
    expect(await countOf(house, 'factor', person)).toBe(0);
    expect(await countOf(house, 'recovery_code', person)).toBe(0);
    expect(await countOf(house, 'recovery_code_set', person)).toBe(0);
  });

  test('A36/R42: where a rule forces 2FA, removing the only factor and disabling are 409 and change nothing', async () => {
    const { person, browser } = await somebodyProtected(house, { roles: 'admin' });
    const id = await factorIdOf(house, person);
    const state = await securityOf(house, person);
    const json = { accept: 'application/json' };
    const removed = await browser.post(`/account/security/factors/${id}/remove`, {}, json);
    expect([removed.status, removed.json<{ code: string }>().code]).toEqual([
      409,
      'policy_requires_two_factor',
    ]);
    const disabled = await browser.post('/account/security/disable', { password: person.password }, json);
    expect([disabled.status, disabled.json<{ code: string }>().code]).toEqual([
      409,
      'policy_requires_two_factor',
    ]);
    expect((await browser.post(`/account/security/factors/${id}/remove`)).status).toBe(409);
    expect(await securityOf(house, person)).toEqual(state);
  });

  test('A36: two factors removed at once from two processes leave one', async () => {
    const { person, browser } = await somebodyProtected(house);
    const shown = readEnrolment((await browser.get('/account/security/totp')).body);
    await browser.post('/account/security/totp', { code: appCode(house, shown.secret) });
    const { db } = house.app.database;
    const ids = await db.selectFrom('factor').select('id').where('account_id', '=', person.id).execute();
    expect(ids).toHaveLength(2);
    const answers = await Promise.all(
      ids.map(({ id }, n) =>
        copyOf(browser, n ? twin : house).post(`/account/security/factors/${id}/remove`),
      ),
    );
    expect(answers.map(({ location }) => location).sort()).toEqual([
      '/account/security',
      '/account/security/disable',
    ]);
    expect(await countOf(house, 'factor', person)).toBe(1);
  });

  test('A37/R40: a stolen session with the right password disables nothing without a fresh factor', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const others = [await signInAgain(twin, { person, secret }), await signInAgain(twin, { person, secret })];
    const pending = await halfSignedIn(house, person);
    await browser.get('/account/security/totp');
    house.clock.advance(10 * MINUTE + SECOND);
    const state = await securityOf(house, person);
    const stale = await browser.post(
      '/account/security/disable',
      { password: person.password },
      { accept: 'application/json' },
    );
    expect([stale.status, stale.json<{ code: string }>().code]).toEqual([403, 'step_up_required']);
    await browser.post('/confirm', { password: person.password });
    const half = await browser.post('/account/security/disable', { password: person.password });
    expect(half.location).toMatch(/^\/confirm/);
    expect(await securityOf(house, person)).toEqual(state);

    const code = freshCode(house, secret);
    expect((await browser.post('/confirm/factor/totp', { code })).status).toBe(303);
    const off = await browser.post('/account/security/disable', { password: person.password });
    expect([off.status, off.location]).toEqual([303, '/account/security']);
    for (const one of [...others, pending]) expect(await seesAccount(one)).toBe(false);
    expect((await pending.get('/sign-in/factor')).location).toBe('/sign-in');
    expect(await seesAccount(browser)).toBe(true);
    for (const table of [
      'factor',
      'recovery_code',
      'recovery_code_set',
      'factor_draft',
      'pending_sign_in',
    ] as const) {
      expect(await countOf(house, table, person), table).toBe(0);
    }
    expect(await recordsOf(house, person, 'two_factor.disabled')).toHaveLength(1);
    const told = (await house.mails(person.email)).filter(({ subject }) => subject.includes('was disabled'));
    expect(told).toHaveLength(1);
  });

  test('R47: an account with an unproven address cannot turn 2FA on', async () => {
    const person = await somebody(house, { proven: false });
    const browser = house.browser();
    await enterPassword(browser, person);
    expect((await browser.get('/account/security/totp')).status).toBe(409);
    const json = await browser.post(
      '/account/security/totp',
      { code: '123456' },
      { accept: 'application/json' },
    );
    expect([json.status, json.json<{ code: string }>().code]).toEqual([409, 'address_unproven']);
    expect(await countOf(house, 'factor', person)).toBe(0);
    expect(await countOf(house, 'factor_draft', person)).toBe(0);
  });

  test('contract: after "This wasn\'t me" nothing that security rests on can be changed for a day', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const shown = readEnrolment((await browser.get('/account/security/totp')).body);
    await browser.post('/account/security/totp', { code: appCode(house, shown.secret), label: 'Thief' });
    const not = await house.link(person.email, '/not-me');
    const owner = house.browser();
    const page = await owner.get(not);
    expect(await seesAccount(browser)).toBe(true);
    expect((await owner.post('/not-me', { token: page.field('token') })).status).toBe(303);
    expect(await seesAccount(browser)).toBe(false);
    expect((await tryCode(house, person, freshCode(house, shown.secret))).status).toBe(422);

    // The stranger knows the password and holds the old app as well.
    const stranger = await halfSignedIn(house, person);
    expect((await answerTotp(stranger, freshCode(house, secret))).location).toBe('/');
    const proposal = await stranger.get('/account/security/recovery-codes');
    expect([200, 409]).toContain(proposal.status);
    const totp = await stranger.get('/account/security/totp');
    const key = /data-text="([A-Z2-7]{32})"/.exec(totp.body)?.[1];
    const id = await factorIdOf(house, person);
    const state = await securityOf(house, person);
    const attempts: readonly [path: string, fields: Record<string, string>][] = [
      ['/account/password', { current_password: person.password, new_password: NEXT_PASSWORD }],
      ['/account/email', { email: 'stolen2@example.net' }],
      ['/account/security/totp', { code: key ? appCode(house, key) : '123456' }],
      [`/account/security/factors/${id}`, { label: 'Mine' }],
      [`/account/security/factors/${id}/remove`, {}],
      ['/account/security/recovery-codes', {}],
      ['/account/security/disable', { password: person.password }],
    ];
    const open: string[] = [];
    for (const [path, fields] of attempts) {
      const answer = await stranger.post(path, fields, { accept: 'application/json' });
      if (answer.status !== 409) open.push(`${path.replace(id, ':id')} ${answer.status}`);
    }
    expect(await securityOf(house, person)).toEqual(state);
    expect(open).toEqual([]);
    house.clock.advance(DAY + HOUR);
    const after = await halfSignedIn(house, person);
    await answerTotp(after, freshCode(house, secret));
    expect((await after.post(`/account/security/factors/${id}`, { label: 'Mine' })).status).toBe(303);
  });

  test('contract: "This wasn\'t me" never turns 2FA off nor takes the last factor', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const shown = readEnrolment((await browser.get('/account/security/totp')).body);
    await browser.post('/account/security/totp', { code: appCode(house, shown.secret) });
    const owner = house.browser();
    const page = await owner.get(await house.link(person.email, '/not-me'));
    await owner.post('/not-me', { token: page.field('token') });
    expect(await seesAccount(browser)).toBe(false);
    const half = await halfSignedIn(house, person);
    expect((await answerRecovery(half, shown.codes[0] as string)).location).toBe('/');
    const again = await owner.post('/not-me', { token: page.field('token') });
    expect(again.status).toBe(422);
  });

  test('R47/R13: neither a mail nor a reset is a factor', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    for (const method of ['mail', 'email', 'link', 'sms']) {
      const page = await browser.get(`/sign-in/factor?method=${method}`);
      expect(page.body).toContain('action="/sign-in/factor/totp"');
      const posted = await browser.post(`/sign-in/factor/${method}`, { code: appCode(house, secret) });
      // A method of the product that this person doesn't have is a wrong answer like any other.
      expect(posted.status).toBe(['sms', 'webauthn'].includes(method) ? 422 : 404);
    }
    expect(await seesAccount(browser)).toBe(false);
  });
});
