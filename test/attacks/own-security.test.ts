import { describe, expect, test, vi } from 'vitest';
import {
  answerRecovery,
  answerTotp,
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
  somebody,
  somebodyProtected,
  tokenOf,
  tryCode,
} from '../kit/attack-kit.ts';
import type { Browser, Page } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { appCode, enterPassword, type Person, readEnrolment, stepUp } from '../kit/people.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

const NEXT = 'brisk-teal-heron-77';

describe.each(ENGINES)('changing what security rests on, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);

  const clone = (browser: Browser, at: House = twin) => {
    const copy = at.browser();
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
    return copy;
  };

  async function another(person: Person, secret: string): Promise<Browser> {
    const browser = await halfSignedIn(twin, person);
    expect((await answerTotp(browser, freshCode(house, secret))).location).toBe('/');
    return browser;
  }

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
      ids.map(({ id }, n) => clone(browser, n ? twin : house).post(`/account/security/factors/${id}/remove`)),
    );
    expect(answers.map(({ location }) => location).sort()).toEqual([
      '/account/security',
      '/account/security/disable',
    ]);
    expect(await countOf(house, 'factor', person)).toBe(1);
  });

  test('R35: when the account changes between password and factor, confirming starts again', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    house.clock.advance(10 * MINUTE + SECOND);
    await browser.post('/confirm', { password: person.password });
    const { db } = house.app.database;
    await db
      .updateTable('account')
      .set((eb) => ({ security_version: eb('security_version', '+', 1) }))
      .where('id', '=', person.id)
      .execute();
    const late = await browser.post('/confirm/factor/totp', { code: freshCode(house, secret) });
    expect(late.location).toMatch(/^\/confirm\?/);
    expect((await browser.get('/account/security/totp')).location).toMatch(/^\/confirm\?/);
    await browser.post('/confirm', { password: person.password });
    expect((await browser.post('/confirm/factor/totp', { code: freshCode(house, secret) })).status).toBe(303);
    expect((await browser.get('/account/security/totp')).status).toBe(200);
  });

  test('R35: a password that is changed while it is being confirmed confirms nothing', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    house.clock.advance(10 * MINUTE + SECOND);
    const { hasher, database } = house.app.deps;
    const verify = hasher.verify.bind(hasher);
    const slow = vi.spyOn(hasher, 'verify').mockImplementationOnce(async (stored, password) => {
      await database.db
        .updateTable('account')
        .set((eb) => ({ security_version: eb('security_version', '+', 1) }))
        .where('id', '=', person.id)
        .execute();
      return verify(stored, password);
    });
    const late = await browser.post('/confirm', {
      password: person.password,
      return_to: '/account/security/totp',
    });
    slow.mockRestore();
    expect(late.location).toBe('/confirm?return_to=%2Faccount%2Fsecurity%2Ftotp');
    expect((await browser.get('/account/security/totp')).location).toMatch(/^\/confirm\?/);
  });

  test('A37/R40: a stolen session with the right password disables nothing without a fresh factor', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const others = [await another(person, secret), await another(person, secret)];
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

  test('R38: ten minutes and not a second longer, in this session and no other', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const other = await another(person, secret);
    house.clock.advance(11 * MINUTE);
    await stepUp(house, browser, person, secret);
    expect((await other.get('/account/security/disable')).location).toMatch(/^\/confirm/);
    // stepUp has waited half a minute.
    house.clock.advance(9 * MINUTE + 30 * SECOND);
    expect((await browser.get('/account/security/disable')).status).toBe(200);
    house.clock.advance(SECOND);
    expect((await browser.get('/account/security/disable')).location).toMatch(/^\/confirm/);
    expect((await browser.post('/account/security/disable', { password: person.password })).location).toMatch(
      /^\/confirm/,
    );
  });

  test('R38: the half of a step-up that knew the password is bound to its session and to ten minutes', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const other = await another(person, secret);
    house.clock.advance(11 * MINUTE);
    await browser.post('/confirm', { password: person.password });
    const elsewhere = await other.post('/confirm/factor/totp', { code: freshCode(house, secret) });
    expect(elsewhere.location).toMatch(/^\/confirm(\?|$)/);
    house.clock.advance(10 * MINUTE);
    const late = await browser.post('/confirm/factor/totp', { code: freshCode(house, secret) });
    expect(late.location).toMatch(/^\/confirm(\?|$)/);
    expect((await browser.get('/confirm/factor')).location).toMatch(/^\/confirm(\?|$)/);
  });

  test('contract: after the fifth wrong code a step-up has no page left, and begins again for what it was for', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const nowhere = await browser.get('/confirm/factor');
    expect([nowhere.status, nowhere.location]).toEqual([303, '/confirm']);
    house.clock.advance(11 * MINUTE);
    const begin = () => browser.post('/confirm', { password: person.password, return_to: '/account/email' });
    await begin();
    for (let tries = 0; tries < 5; tries++) {
      expect((await browser.get('/confirm/factor')).status).toBe(200);
      expect((await browser.post('/confirm/factor/totp', { code: '' })).status).toBe(422);
    }
    const again = '/confirm?return_to=%2Faccount%2Femail';
    for (const page of [
      await browser.get('/confirm/factor'),
      await browser.get('/confirm/factor?method=recovery-code'),
      await browser.post('/confirm/factor/totp', { code: freshCode(house, secret) }),
    ]) {
      expect([page.status, page.location]).toEqual([303, again]);
    }
    await begin();
    // One that was left lying for too long knows its way as well.
    house.clock.advance(11 * MINUTE);
    expect((await browser.get('/confirm/factor')).location).toBe(again);
    await begin();
    const done = await browser.post('/confirm/factor/totp', { code: freshCode(house, secret) });
    expect(done.location).toBe('/account/email');
    expect((await browser.post('/confirm/factor/totp', { code: '123456' })).location).toBe('/confirm');
  });

  test('R38: nothing is granted by GET, nor by a password alone', async () => {
    const { person, browser } = await somebodyProtected(house);
    house.clock.advance(11 * MINUTE);
    for (const path of [
      '/confirm',
      `/confirm?password=${person.password}`,
      '/confirm/factor',
      '/confirm/factor/totp',
    ]) {
      await browser.get(path);
    }
    await browser.post('/confirm', { password: person.password });
    await browser.get('/confirm/factor');
    expect((await browser.get('/account/security/disable')).location).toMatch(/^\/confirm/);
  });

  /** Everything that needs a fresh step-up. `:id` is one of the person's own factors, `:session` another session. */
  const NEEDS_STEP_UP: readonly [
    method: 'GET' | 'POST',
    path: string,
    fields: Record<string, string>,
    page?: string,
  ][] = [
    ['GET', '/account/password', {}],
    ['POST', '/account/password', { current_password: ':password', new_password: NEXT }],
    ['GET', '/account/email', {}],
    ['POST', '/account/email', { email: 'stolen@example.net' }],
    ['POST', '/account/email/cancel', {}, '/account/email'],
    ['GET', '/account/email/remove-recovery', {}],
    ['POST', '/account/email/remove-recovery', {}, '/account/email'],
    ['GET', '/account/security/totp', {}],
    ['POST', '/account/security/totp', { code: '123456' }],
    ['GET', '/account/security/sms', {}],
    ['POST', '/account/security/sms', { phone: '+34600000021' }],
    ['GET', '/account/security/sms/confirm', {}],
    ['POST', '/account/security/sms/confirm', { code: '123456' }],
    ['GET', '/account/security/keys', {}],
    ['POST', '/account/security/keys', { credential: '{}' }],
    ['GET', '/account/security/factors/:id', {}],
    ['POST', '/account/security/factors/:id', { label: 'Mine now' }],
    ['POST', '/account/security/factors/:id/prefer', {}, '/account/security/factors/:id'],
    ['GET', '/account/security/factors/:id/remove', {}],
    ['POST', '/account/security/factors/:id/remove', {}, '/account/security/factors/:id'],
    ['GET', '/account/security/recovery-codes', {}],
    ['POST', '/account/security/recovery-codes', {}],
    ['GET', '/account/security/disable', {}],
    ['POST', '/account/security/disable', { password: ':password' }],
    ['GET', '/account/export', {}],
    ['POST', '/account/export', {}],
    ['GET', '/account/delete', {}],
    ['POST', '/account/delete', { confirmation: 'ann@example.org', password: ':password' }],
    ['GET', '/account/sessions', {}],
    ['GET', '/account/sessions/end-others', {}],
    ['POST', '/account/sessions/end-others', {}, '/account/sessions'],
    ['GET', '/account/sessions/:session/end', {}],
    ['POST', '/account/sessions/:session/end', {}, '/account/sessions'],
  ];

  test('R39: with a stale step-up each of them leads to /confirm and back, JSON gets 403, and nothing changes', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const other = await another(person, secret);
    await browser.get('/account/security/recovery-codes');
    await browser.get('/account/security/totp');
    house.clock.advance(10 * MINUTE + 2 * MINUTE);
    await seesAccount(browser);
    const id = await factorIdOf(house, person);
    const { db } = house.app.database;
    const all = await db
      .selectFrom('session')
      .selectAll()
      .where('account_id', '=', person.id)
      .orderBy('created_at')
      .execute();
    const session = all.at(-1)?.id ?? '';
    const fill = (text: string) =>
      text.replace(':id', id).replace(':session', session).replace(':password', person.password);
    const state = await securityOf(house, person);
    const wrongWay: string[] = [];
    for (const [method, path, fields, page = path] of NEEDS_STEP_UP) {
      const name = `${method} ${path}`;
      const full = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, fill(value)]));
      const send = (headers: Record<string, string> = {}): Promise<Page> =>
        method === 'GET' ? browser.get(fill(path), headers) : browser.post(fill(path), full, headers);
      const answer = await send();
      const expected = `/confirm?return_to=${encodeURIComponent(fill(page))}`;
      expect([answer.status, answer.location.split('?')[0]], name).toEqual([303, '/confirm']);
      if (answer.location !== expected)
        wrongWay.push(`${name} leads to ${answer.location.replace(id, ':id')}`);
      const json = await send({ accept: 'application/json' });
      expect([json.status, json.json<{ code: string }>().code], name).toEqual([403, 'step_up_required']);
      expect(await securityOf(house, person), name).toEqual(state);
    }
    expect(await seesAccount(other)).toBe(true);
    expect((await house.mails('stolen@example.net')).length).toBe(0);
    expect((await house.mails('+34600123456')).length).toBe(0);
    expect(wrongWay).toEqual([]);
  });

  test('R39: the table above is all of it: no other route of the account writes, but those that weaken nothing', async () => {
    const fresh = house.app.routes
      .filter(({ level }) => ['stepped-up', 'may-enrol'].includes(level.name))
      .map(({ method, path }) => `${method} ${path}`);
    const table = NEEDS_STEP_UP.map(([method, path]) => `${method} ${path.replace(':session', ':id')}`);
    expect(fresh.filter((route) => !table.includes(route) && !route.endsWith('/email-change'))).toEqual([]);
    const others = house.app.routes
      .filter(({ method, level }) => method === 'POST' && ['signed-in', 'security-page'].includes(level.name))
      .map(({ path }) => path);
    expect(others.sort()).toEqual([
      '/account',
      // Takes from an app what it was allowed.
      '/account/apps/:id/remove',
      // These make an account safer, or change when it is asked how safe it is.
      '/account/security/advice/later',
      '/account/security/check-up',
      '/account/security/check-up/later',
      '/account/security/trusted-browsers/:id/remove',
      '/confirm',
      '/confirm/factor/recovery-code',
      '/confirm/factor/sms',
      '/confirm/factor/sms/send',
      '/confirm/factor/totp',
      '/confirm/factor/webauthn',
      // Allowing an app what it asks for; it may demand a fresh proof itself.
      '/oidc/interaction/:uid',
    ]);
  });

  test('R5: a new password needs the current one, and ends every other session, sign-in and reset link at once', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const other = await another(person, secret);
    const pending = await halfSignedIn(house, person);
    await house.browser().post('/forgot-password', { email: person.email });
    const reset = tokenOf(await house.link(person.email, '/reset-password'));
    const wrong = await browser.post('/account/password', {
      current_password: 'not this one',
      new_password: NEXT,
    });
    expect(wrong.status).toBe(422);
    expect(await seesAccount(other)).toBe(true);
    const before = clone(browser);
    const done = await browser.post('/account/password', {
      current_password: person.password,
      new_password: NEXT,
    });
    expect(done.status).toBe(303);
    for (const one of [other, before, clone(other, house)]) expect(await seesAccount(one)).toBe(false);
    expect((await answerTotp(pending, freshCode(house, secret))).location).toBe('/sign-in');
    const late = await house
      .browser()
      .post('/reset-password', { token: reset, password: 'quiet-amber-lynx-3' });
    expect(late.status).toBe(422);
    expect(await seesAccount(browser)).toBe(true);
    expect((await enterPassword(house.browser(), person)).status).toBe(422);
    expect((await tryCode(house, { ...person, password: NEXT }, freshCode(house, secret))).location).toBe(
      '/',
    );
  });

  test('R50: ended on one process, refused on the other with the very next request', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const other = await another(person, secret);
    expect(await seesAccount(clone(browser))).toBe(true);
    expect((await browser.post('/account/sessions/end-others')).status).toBe(303);
    expect(await seesAccount(other)).toBe(false);
    expect(await seesAccount(clone(other, house))).toBe(false);
    const copy = clone(browser);
    const out = await browser.post('/sign-out');
    expect(out.headers['clear-site-data']).toBe('"cache", "storage"');
    expect(await seesAccount(copy)).toBe(false);
    expect(browser.cookies.has('session')).toBe(false);
  });

  test('R50: a suspended account is out at once, everywhere', async () => {
    const { person, browser } = await somebodyProtected(house);
    const { db } = house.app.database;
    await db.updateTable('account').set({ suspended_at: 1 }).where('id', '=', person.id).execute();
    expect(await seesAccount(browser)).toBe(false);
    expect(await seesAccount(clone(browser))).toBe(false);
    const again = await enterPassword(house.browser(), person);
    expect(again.status).toBe(422);
  });

  test('R52: idle for half an hour, or twelve hours old, a session is over', async () => {
    const { browser } = await somebodyProtected(house);
    house.clock.advance(29 * MINUTE);
    expect(await seesAccount(browser)).toBe(true);
    house.clock.advance(30 * MINUTE + SECOND);
    expect(await seesAccount(browser)).toBe(false);

    const { browser: busy } = await somebodyProtected(house);
    for (let passed = 0; passed < 12 * 60 - 25; passed += 25) {
      house.clock.advance(25 * MINUTE);
      expect(await seesAccount(busy), `after ${passed + 25} minutes`).toBe(true);
    }
    house.clock.advance(25 * MINUTE);
    expect(await seesAccount(busy)).toBe(false);
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
      ['/account/password', { current_password: person.password, new_password: NEXT }],
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

describe('lifetimes by configuration', () => {
  test('R52/R38: SESSION_IDLE, SESSION_MAX and STEP_UP_MAX are enforced', async () => {
    const house = await openHouse({ env: { SESSION_IDLE: '20s', SESSION_MAX: '60s', STEP_UP_MAX: '5s' } });
    try {
      const person = await somebody(house);
      const browser = house.browser();
      await enterPassword(browser, person);
      expect((await browser.get('/account/password')).status).toBe(200);
      house.clock.advance(6 * SECOND);
      expect((await browser.get('/account/password')).location).toMatch(/^\/confirm/);
      for (let n = 0; n < 5; n++) {
        expect(await seesAccount(browser)).toBe(true);
        house.clock.advance(10 * SECOND);
      }
      house.clock.advance(5 * SECOND);
      expect(await seesAccount(browser)).toBe(false);
      await enterPassword(browser, person);
      house.clock.advance(21 * SECOND);
      expect(await seesAccount(browser)).toBe(false);
    } finally {
      await house.close();
    }
  });
});
