import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertFactor } from '../../src/factors/store.ts';
import { newId } from '../../src/kit/random.ts';
import { rowOwner } from '../../src/kit/seal.ts';
import {
  answerTotp,
  countOf,
  DAY,
  freshCode,
  HOUR,
  halfSignedIn,
  MINUTE,
  planted,
  recordsOf,
  securityOf,
  seesAccount,
  settled,
  signInAgain,
  somebodyProtected,
  tokenOf,
} from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { appCode, enterPassword, type Person, readEnrolment } from '../kit/people.ts';
import {
  type Administrator,
  administrator,
  askForHelp,
  givePass,
  REQUESTS,
  requestOf,
} from '../kit/recovery-kit.ts';

describe.each(ENGINES)('the way of those who lost everything, on %s', (engine) => {
  let house: House;
  let twin: House;
  let bea: Administrator;
  let carl: Administrator;
  beforeAll(async () => {
    house = await openHouse({ engine });
    twin = await house.twin();
    bea = await administrator(house, 'Bea Boss');
    carl = await administrator(house, 'Carl Chief');
  });
  afterAll(() => house.close());

  /** Asked, waited, approved. -> the token of the pass */
  async function passFor(person: Person): Promise<string> {
    await askForHelp(house, person);
    house.clock.advance(DAY);
    return givePass(house, person, await signInAgain(house, bea), await signInAgain(house, carl));
  }

  const open = (at: House, token: string, password: string, browser = at.browser()) =>
    browser.post('/temporary-pass', { token, password });

  test('R46/A18: the mail alone removes no factor, changes nothing and signs nobody in', async () => {
    const { person } = await planted(house);
    const before = await securityOf(house, person);
    const token = await passFor(person);
    const thief = house.browser();
    expect((await thief.get(`/temporary-pass?token=${token}`)).status).toBe(200);
    for (const password of ['', 'wrong', person.email])
      expect((await open(house, token, password, thief)).status, password).toBe(422);
    expect(thief.cookies.has('enrolment') || thief.cookies.has('session')).toBe(false);
    expect(await seesAccount(thief)).toBe(false);
    expect((await thief.get('/account/security/totp')).location).toMatch(/^\/sign-in/);
    expect(await securityOf(house, person)).toEqual(before);
    const failures = await recordsOf(house, person, 'recovery.pass_used');
    expect(failures.map(({ outcome }) => outcome)).toEqual(['failure', 'failure']);
  });

  test('R59: wrong passwords at the pass meet the same brakes as at sign-in', async () => {
    const { person } = await planted(house);
    const token = await passFor(person);
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++) statuses.push((await open(house, token, `wrong-${n}`)).status);
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(422));
    expect(statuses.at(-1)).toBe(429);
    expect((await enterPassword(house.browser(), person)).status).toBe(429);
  });

  test('R46: used twenty times at once, on two processes, the pass opens one enrolment', async () => {
    const { person } = await planted(house);
    const token = await passFor(person);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => open(n % 2 === 0 ? house : twin, token, person.password)),
    );
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 422 || status === 429)).toHaveLength(19);
    expect(await countOf(house, 'enrolment_pass', person)).toBe(1);
    expect((await open(house, token, person.password)).status).toBeGreaterThanOrEqual(422);
    // R59: they all knew the password, so none of them left a wrong try behind.
    expect((await enterPassword(house.browser(), person)).location).toBe('/sign-in/factor');
  });

  test('R46: the new factor switched on twenty times at once makes one session and one set of codes', async () => {
    const { person } = await planted(house);
    const browser = house.browser();
    await open(house, await passFor(person), person.password, browser);
    const { secret } = readEnrolment((await browser.get('/account/security/totp')).body);
    const code = appCode(house, secret);
    const copies = Array.from({ length: 20 }, (_, n) => {
      const copy = (n % 2 === 0 ? house : twin).browser();
      for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
      return copy;
    });
    const answers = await Promise.all(copies.map((copy) => copy.post('/account/security/totp', { code })));
    const won = answers.filter(({ location }) => location === '/account/security');
    expect(won).toHaveLength(1);
    expect(await countOf(house, 'session', person)).toBe(1);
    expect(await countOf(house, 'factor', person)).toBe(1);
    expect(await countOf(house, 'recovery_code', person)).toBe(10);
    expect(await recordsOf(house, person, 'two_factor.renewed')).toHaveLength(1);
  });

  test('A18: the pass is no session: it opens the enrolment of a new factor and nothing else', async () => {
    const { person, secret } = await planted(house);
    const browser = house.browser();
    await open(house, await passFor(person), person.password, browser);
    expect(browser.cookies.has('session')).toBe(false);
    const before = await securityOf(house, person);
    const opened: string[] = [];
    for (const { method, path, level, takes } of house.app.routes) {
      if (['everyone', 'anyone', 'pending'].includes(level.name)) continue;
      // Programs' addresses look at no cookie.
      if (level.name.startsWith('bearer ')) continue;
      const here = path.replace(':id', 'a'.repeat(32));
      const copy = house.browser();
      copy.cookies.set('enrolment', browser.cookies.get('enrolment') as string);
      const answer = await copy.call({ method, takes }, here);
      if (answer.status === 303 && answer.location === '/account/security') continue;
      opened.push(`${method} ${path} ${answer.status}`);
    }
    expect(opened.filter((line) => !line.startsWith('POST /enrol'))).toEqual([
      'GET /account/security 200',
      'GET /account/security/totp 200',
      'POST /account/security/totp 422',
      'GET /account/security/sms 200',
      'POST /account/security/sms 422',
      'GET /account/security/sms/confirm 303',
      'POST /account/security/sms/confirm 422',
      'GET /account/security/keys 409',
      'POST /account/security/keys 409',
    ]);
    // Nor does it take the place of one app among several, or of somebody else's.
    const old = await house.app.database.db
      .selectFrom('factor')
      .select('id')
      .where('account_id', '=', person.id)
      .executeTakeFirstOrThrow();
    expect((await browser.get(`/account/security/totp?replaces=${old.id}`)).status).toBe(404);
    const shown = readEnrolment((await browser.get('/account/security/totp')).body);
    const replacing = { code: appCode(house, shown.secret), replaces: old.id };
    expect((await browser.post('/account/security/totp', replacing)).status).toBe(404);
    expect(await securityOf(house, person)).toEqual(before);
    const half = await halfSignedIn(house, person);
    expect((await answerTotp(half, freshCode(house, secret))).location).toBe('/');
  });

  test('R46: a new phone takes the place of everything, an old phone among it', async () => {
    const { person } = await planted(house);
    const { deps } = house.app;
    const id = newId(deps.random);
    await deps.database.transaction((tx) =>
      insertFactor(tx, {
        id,
        account_id: person.id,
        kind: 'sms',
        label: 'Old phone',
        sealed_data: deps.seal.seal('sms', rowOwner(person.id, id), '+34600123456'),
        counter: 0,
        created_at: house.clock.now(),
      }),
    );
    const browser = house.browser();
    await open(house, await passFor(person), person.password, browser);
    const phone = '+34600123457';
    const shown = await browser.submit('/account/security/sms', { phone });
    expect(shown.body.match(/[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}/g)?.length).toBeGreaterThan(
      9,
    );
    const code = /\d{6}/.exec((await house.mails(phone))[0]?.text ?? '')?.[0] ?? '';
    const done = await browser.submit('/account/security/sms/confirm', { code });
    expect(textOf(done.body)).toContain('Two-factor authentication is on.');
    const factors = await deps.database.db
      .selectFrom('factor')
      .select(['kind', 'label'])
      .where('account_id', '=', person.id)
      .execute();
    expect(factors).toEqual([{ kind: 'sms', label: expect.not.stringContaining('Old') }]);
    expect(await recordsOf(house, person, 'two_factor.renewed')).toHaveLength(1);
    expect(await recordsOf(house, person, 'factor.replaced')).toEqual([]);
    expect(await seesAccount(browser)).toBe(true);
  });

  test('A18: the tokens of the way open no other door, and those of other doors not this one', async () => {
    const { person } = await planted(house);
    await askForHelp(house, person);
    const cancel = tokenOf(await house.link(person.email, '/recover/cancel'));
    const notMe = tokenOf(await house.link(person.email, '/not-me'));
    await house.browser().post('/forgot-password', { email: person.email });
    const reset = tokenOf(await house.link(person.email, '/reset-password'));
    for (const token of [cancel, notMe, reset, 'A'.repeat(43), 'x'])
      expect((await open(house, token, person.password)).status).toBe(422);
    for (const token of [notMe, reset])
      expect((await house.browser().post('/recover/cancel', { token })).status).toBe(422);
    house.clock.advance(DAY);
    const pass = await givePass(house, person, await signInAgain(house, bea), await signInAgain(house, carl));
    for (const path of ['/reset-password', '/invitation', '/setup', '/undo', '/not-me', '/recover/cancel']) {
      const fields = { token: pass, password: 'brisk-teal-heron-77', name: 'X', email: 'x@example.org' };
      const own = {
        '/undo': { token: pass },
        '/not-me': { token: pass },
        '/recover/cancel': { token: pass },
      };
      const answer = await house.browser().post(path, own[path as keyof typeof own] ?? fields);
      expect([400, 422], path).toContain(answer.status);
    }
    // The link that cancels goes on working while something may come of the request.
    expect((await house.browser().post('/recover/cancel', { token: cancel })).status).toBe(303);
    expect((await open(house, pass, person.password)).status).toBe(422);
  });

  test('R46: the link that cancels, a change of password, a freeze or a suspension in that hour kills the pass and what it opened', async () => {
    const ends: ((person: Person) => Promise<unknown>)[] = [
      async (person) => {
        const token = tokenOf(await house.link(person.email, '/recover/cancel'));
        return house.browser().post('/recover/cancel', { token });
      },
      async (person) => {
        await house.browser().post('/forgot-password', { email: person.email });
        const token = tokenOf(await house.link(person.email, '/reset-password'));
        return house.browser().post('/reset-password', { token, password: person.password });
      },
      async (person) => {
        const token = tokenOf(await house.link(person.email, '/not-me'));
        return house.browser().post('/not-me', { token });
      },
      async (person) =>
        house.app.database.db
          .updateTable('account')
          .set((eb) => ({ suspended_at: 1, security_version: eb('security_version', '+', 1) }))
          .where('id', '=', person.id)
          .execute(),
    ];
    for (const end of ends) {
      const [early, late] = [await planted(house), await planted(house)];
      const token = await passFor(early.person);
      await end(early.person);
      expect((await open(house, token, early.person.password)).status).toBe(422);

      const browser = house.browser();
      await open(house, await passFor(late.person), late.person.password, browser);
      const { secret } = readEnrolment((await browser.get('/account/security/totp')).body);
      await end(late.person);
      const factors = await countOf(house, 'factor', late.person);
      const answer = await browser.post('/account/security/totp', { code: appCode(house, secret) });
      expect(answer.location).toMatch(/^\/sign-in/);
      expect(await countOf(house, 'factor', late.person)).toBe(factors);
    }
  });

  test('R71/A63: for a member none of the administrators’ pages exists, not even about themself', async () => {
    const member = await somebodyProtected(house);
    const { person } = await planted(house);
    await askForHelp(house, person);
    await askForHelp(house, member.person);
    for (const id of [(await requestOf(house, person)).id, (await requestOf(house, member.person)).id]) {
      const path = `${REQUESTS}/${id}`;
      const answers = [
        await member.browser.get(REQUESTS),
        await member.browser.get(path),
        await member.browser.post(`${path}/propose`, { reason: 'x' }),
        await member.browser.post(`${path}/countersign`),
        await member.browser.post(`${path}/refuse`),
      ];
      expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(404));
    }
    const half = await halfSignedIn(house, person);
    expect((await half.get(REQUESTS)).location).toMatch(/^\/sign-in/);
    const boss = await signInAgain(house, bea);
    const missing = [await boss.get(`${REQUESTS}/${'0'.repeat(32)}`), await boss.get(`${REQUESTS}/x%27y`)];
    expect(missing.map(({ status }) => status)).toEqual([404, 404]);
    expect(settled(missing[0] as never)).toBe(settled(missing[1] as never));
  });

  test('R69: every decision takes a fresh step-up, and leads back to the request', async () => {
    const { person } = await planted(house);
    await askForHelp(house, person);
    const { id } = await requestOf(house, person);
    const boss = await signInAgain(house, bea);
    house.clock.advance(11 * MINUTE);
    expect((await boss.get(REQUESTS)).status).toBe(200);
    const back = `/confirm?return_to=${encodeURIComponent(`${REQUESTS}/${id}`)}`;
    const path = `${REQUESTS}/${id}`;
    expect((await boss.get(path)).location).toBe(back);
    for (const act of ['propose', 'countersign', 'refuse'])
      expect((await boss.post(`${path}/${act}`, act === 'propose' ? { reason: 'x' } : {})).location).toBe(
        back,
      );
    expect(await requestOf(house, person)).toMatchObject({ proposed_by: null, refused_at: null });
  });

  test('R70: two administrators at once: one proposal, one approval, one pass', async () => {
    const dora = await administrator(house, 'Dora Director');
    const { person } = await planted(house);
    await askForHelp(house, person);
    house.clock.advance(DAY);
    const path = `${REQUESTS}/${(await requestOf(house, person)).id}`;
    const all: Browser[] = [];
    for (const one of [bea, carl, dora]) all.push(await signInAgain(house, one));
    const proposed = await Promise.all(all.map((one) => one.post(`${path}/propose`, { reason: 'We met.' })));
    expect(proposed.map(({ status }) => status).sort()).toEqual([303, 409, 409]);
    const given = await Promise.all([...all, ...all, ...all].map((one) => one.post(`${path}/countersign`)));
    expect(given.filter(({ status }) => status === 303)).toHaveLength(1);
    const passes = await house.app.database.db
      .selectFrom('link')
      .select('id')
      .where('account_id', '=', person.id)
      .where('purpose', '=', 'temporary-pass')
      .execute();
    expect(passes).toHaveLength(1);
    expect(await recordsOf(house, person, 'recovery.approved')).toHaveLength(1);
    const { proposed_by, approved_by } = await requestOf(house, person);
    expect(approved_by).not.toBe(proposed_by);
    // Of whoever gave it and why the record tells; of the person's own words it holds none.
    const records = JSON.stringify(await recordsOf(house, person));
    expect(records).toContain('We met.');
    expect(records).not.toContain('My bag was stolen.');
  });

  test('R75: what the person writes is text on the administrators’ pages, and stands in no mail', async () => {
    const { person } = await planted(house, { name: 'Eve <i>' });
    await askForHelp(house, person, '<script>alert(1)</script> "\u0000\u202e');
    const boss = await signInAgain(house, bea);
    const { id } = await requestOf(house, person);
    const page = await boss.get(`${REQUESTS}/${id}`);
    expect(page.status).toBe(200);
    expect(page.body).not.toContain('<script>alert');
    expect(page.body).not.toContain('<i>');
    expect(textOf(page.body)).toContain('<script>alert(1)</script>');
    for (const mail of await house.mails(person.email)) expect(mail.text).not.toContain('alert(1)');
  });

  test('R46/R59: a stranger who knows the password does not use up its owner’s right to ask', async () => {
    const owner = await somebodyProtected(house);
    const { person, secret } = owner;
    for (let n = 0; n < 4; n++) {
      await askForHelp(house, person, 'It was not me.');
      const browser = await halfSignedIn(house, person);
      expect((await answerTotp(browser, appCode(house, secret))).location).toBe('/');
      house.clock.advance(MINUTE);
    }
    expect(await countOf(house, 'recovery_request', person)).toBe(4);
    // Nor do requests that administrators refuse.
    for (let n = 0; n < 3; n++) {
      await askForHelp(house, person, 'It was not me.');
      const boss = await signInAgain(house, bea);
      const { id } = await requestOf(house, person);
      expect((await boss.post(`${REQUESTS}/${id}/refuse`)).status).toBe(303);
    }
    const stranger = await halfSignedIn(house, person);
    expect((await stranger.post('/recover', {})).status).toBe(429);
    expect(textOf((await stranger.get('/recover')).body)).toContain(
      'a browser in which you signed in before',
    );
    await enterPassword(owner.browser, person);
    expect(textOf((await owner.browser.get('/recover')).body)).toContain('I lost everything');
    expect((await owner.browser.post('/recover', {})).location).toBe('/recover');
    expect((await requestOf(house, person)).known).toBe(1);
  });

  test('R28/R46: asking for help opens nothing while it waits, and a request is forgotten after thirty days', async () => {
    const { person } = await planted(house);
    const half = await askForHelp(house, person);
    expect(await seesAccount(half)).toBe(false);
    expect((await half.get('/account/security/totp')).location).toMatch(/^\/sign-in/);
    house.clock.advance(31 * DAY + HOUR);
    const boss = await signInAgain(house, bea);
    expect((await boss.get(REQUESTS)).body).not.toContain(person.email);
    const path = `${REQUESTS}/${(await requestOf(house, person)).id}`;
    expect((await boss.post(`${path}/propose`, { reason: 'x' })).status).toBe(409);
  });
});
