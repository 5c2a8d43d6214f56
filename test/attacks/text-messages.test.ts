import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  answerTotp,
  countOf,
  DAY,
  freshCode,
  HOUR,
  halfSignedIn,
  halfSignedInTimes,
  MINUTE,
  planted,
  recordsOf,
  SECOND,
  securityOf,
  seesAccount,
  somebody,
  somebodyProtected,
  wrongCode,
} from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addKey } from '../kit/keys.ts';
import { appCode, enterPassword } from '../kit/people.ts';
import {
  answerText,
  codeFor,
  codeOf,
  enrolPhone,
  otherCode,
  plantedPhone,
  sendText,
  someNumber,
  textedCode,
  textsTo,
  type WithPhone,
} from '../kit/phones.ts';
import { answering, hanging, startTextGateway, type TextGateway } from '../kit/text-gateway.ts';

describe.each(ENGINES)('codes by text message, on %s', (engine) => {
  let house: House;
  let twin: House;
  beforeAll(async () => {
    house = await openHouse({ engine });
    twin = await house.twin();
  });
  afterAll(() => house.close());

  test('A28/R15: a hundred resends at once, over ten sign-ins and two processes: one message', async () => {
    const { person, number } = await plantedPhone(house);
    const halves = await halfSignedInTimes(house, person, 10);
    const twins = halves.map((half) => {
      const other = twin.browser();
      for (const [name, value] of half.cookies) other.cookies.set(name, value);
      return other;
    });
    const browsers = Array.from(
      { length: 100 },
      (_, index) => (index % 2 ? halves : twins)[index % 10] as Browser,
    );
    const answers = await Promise.all(browsers.map(sendText));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(99);
    for (const { headers } of refused) expect(headers['retry-after']).toBe('60');
    expect(await textsTo(house, number)).toHaveLength(1);
  });

  test('A28/R15: one each 61 seconds for an hour: five, 429 after; the first code is dead', async () => {
    const { person, number } = await plantedPhone(house);
    const begun = house.clock.now();
    let browser = await halfSignedIn(house, person);
    let first = '';
    for (let n = 0; house.clock.now() < begun + HOUR; n++, house.clock.advance(61 * SECOND)) {
      if (n % 8 === 0) browser = await halfSignedIn(house, person);
      const answer = await sendText(browser);
      expect(answer.status).toBe(n < 5 ? 303 : 429);
      if (n === 0) first = await codeFor(house, number);
    }
    const texts = await textsTo(house, number);
    expect(texts).toHaveLength(5);
    house.clock.advance(MINUTE);
    const late = await textedCode(house, person, number);
    if (late.code !== first) expect((await answerText(late.browser, first)).status).toBe(422);
    expect((await answerText(late.browser, late.code)).status).toBe(303);
  });

  test('R59/R15: a stranger who knows the password uses up their own share of messages, not the owner’s', async () => {
    const { person, secret, number } = await plantedPhone(house);
    const owner = await halfSignedIn(house, person);
    expect((await answerTotp(owner, freshCode(house, secret))).location).toBe('/');
    const stranger = await halfSignedIn(house, person);
    for (let n = 0; n < 5; n++) {
      expect((await sendText(stranger)).status).toBe(303);
      house.clock.advance(MINUTE);
    }
    expect((await sendText(stranger)).status).toBe(429);
    await enterPassword(owner, person);
    expect((await sendText(owner)).status).toBe(303);
    // One a minute holds for both together.
    expect((await sendText(await halfSignedIn(house, person))).status).toBe(429);
    expect((await sendText(owner)).status).toBe(429);
    expect((await answerText(owner, await codeFor(house, number))).location).toBe('/');
  });

  test('R59/R13: whoever enrols somebody else’s number uses up nothing of what its owner has', async () => {
    const { person, secret, number } = await plantedPhone(house);
    const owner = await halfSignedIn(house, person);
    expect((await answerTotp(owner, freshCode(house, secret))).location).toBe('/');
    const { browser: mallory } = await somebodyProtected(house);
    for (let n = 0; n < 5; n++) {
      expect((await mallory.post('/account/security/sms', { phone: number })).status).toBe(303);
      house.clock.advance(MINUTE);
    }
    expect((await mallory.post('/account/security/sms', { phone: number })).status).toBe(429);
    await enterPassword(owner, person);
    expect((await sendText(owner)).status).toBe(303);
  });

  test('R15: nothing goes out before a right password, and a stranger has nowhere to ask', async () => {
    const { person, number } = await plantedPhone(house);
    const stranger = house.browser();
    expect((await sendText(stranger)).location).toBe('/sign-in');
    await enterPassword(stranger, { ...person, password: 'not the password' });
    expect((await sendText(stranger)).location).toBe('/sign-in');
    expect((await stranger.post('/confirm/factor/sms/send')).location).toMatch(/^\/sign-in/);
    expect(await textsTo(house, number)).toEqual([]);
  });

  test('R14: a code belongs to its sign-in, its account and its purpose', async () => {
    const ann = await plantedPhone(house);
    const { browser, code } = await textedCode(house, ann.person, ann.number);
    // The same account, another sign-in.
    expect((await answerText(await halfSignedIn(house, ann.person), code)).status).toBe(422);
    // Another account.
    const bob = await plantedPhone(house);
    expect((await answerText(await halfSignedIn(house, bob.person), code)).status).toBe(422);
    // Step-up of the same account.
    const signedIn = await halfSignedIn(house, ann.person);
    await answerTotp(signedIn, appCode(house, ann.secret));
    house.clock.advance(30 * SECOND);
    await signedIn.submit('/confirm', { password: ann.person.password });
    expect((await signedIn.post('/confirm/factor/sms', { code })).status).toBe(422);
    // Enrolment.
    expect((await signedIn.post('/account/security/sms/confirm', { code })).status).not.toBe(303);
    expect((await answerText(browser, code)).status).toBe(303);
  });

  test('R14: the code of a step-up or an enrolment signs nobody in', async () => {
    const { person, secret, number } = await plantedPhone(house);
    const browser = await halfSignedIn(house, person);
    await answerTotp(browser, appCode(house, secret));
    await browser.submit('/confirm', { password: person.password });
    expect((await browser.post('/confirm/factor/sms/send')).status).toBe(303);
    const ofStepUp = await codeFor(house, number);
    expect((await answerText(await halfSignedIn(house, person), ofStepUp)).status).toBe(422);
    house.clock.advance(MINUTE);
    const next = someNumber();
    expect((await browser.post('/account/security/sms', { phone: next })).status).toBe(303);
    const ofEnrolment = await codeFor(house, next);
    expect((await answerText(await halfSignedIn(house, person), ofEnrolment)).status).toBe(422);
    expect((await browser.post('/confirm/factor/sms', { code: ofEnrolment })).status).toBe(422);
  });

  test('R14: twenty at once with the right code: one session', async () => {
    const { person, number } = await plantedPhone(house);
    const { browser, code } = await textedCode(house, person, number);
    const browsers = Array.from({ length: 20 }, (_, index) => {
      const other = (index % 2 ? house : twin).browser();
      for (const [name, value] of browser.cookies) other.cookies.set(name, value);
      return other;
    });
    await Promise.all(browsers.map((one) => answerText(one, code)));
    const inside = await Promise.all(browsers.map(seesAccount));
    expect(inside.filter(Boolean)).toHaveLength(1);
    expect(await countOf(house, 'session', person)).toBe(1);
  });

  test('R14: five wrong answers end the sign-in, and the code with it', async () => {
    const { person, number } = await plantedPhone(house);
    const { browser, code } = await textedCode(house, person, number);
    for (let n = 0; n < 5; n++) expect((await answerText(browser, otherCode(code))).status).toBe(422);
    expect((await answerText(browser, code)).location).toBe('/sign-in');
    expect((await answerText(await halfSignedIn(house, person), code)).status).toBe(422);
  });

  test('R13: a number is not proven by guessing: five tries, then a new message', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const number = someNumber();
    await browser.submit('/account/security/sms', { phone: number });
    const code = await codeFor(house, number);
    const confirm = (one: string) => browser.post('/account/security/sms/confirm', { code: one });
    const tries = await Promise.all(Array.from({ length: 20 }, () => confirm(otherCode(code))));
    expect(tries.every(({ status }) => status !== 303)).toBe(true);
    expect((await confirm(code)).status).not.toBe(303);
    expect(await countOf(house, 'factor', person)).toBe(0);
  });

  test('R11: app and phone share one budget; on hold nothing is sent either', async () => {
    const { person, secret, number } = await plantedPhone(house);
    const first = await halfSignedIn(house, person);
    for (let n = 0; n < 5; n++)
      expect((await answerTotp(first, wrongCode(house, secret, n))).status).toBe(422);
    const { browser, code } = await textedCode(house, person, number);
    for (let n = 0; n < 5; n++) expect((await answerText(browser, otherCode(code))).status).toBe(422);
    house.clock.advance(MINUTE);
    const held = await halfSignedIn(house, person);
    const sent = await sendText(held);
    expect([sent.status, sent.headers['retry-after']]).toEqual([429, '840']);
    expect((await answerTotp(held, appCode(house, secret))).status).toBe(429);
    expect((await answerText(held, code)).status).toBe(429);
    expect(await textsTo(house, number)).toHaveLength(1);
    expect(textOf(sent.body)).toContain('A recovery code still works.');
  });

  test('on hold, who asks for a message reads that their key still works', async () => {
    const someone = await somebodyProtected(house);
    const number = someNumber();
    await enrolPhone(house, someone.browser, number);
    expect((await addKey(someone.browser, new Authenticator())).status).toBe(303);
    for (const half of await halfSignedInTimes(house, someone.person, 2))
      for (let n = 0; n < 5; n++) await answerTotp(half, wrongCode(house, someone.secret, n));
    const sent = await sendText(await halfSignedIn(house, someone.person));
    expect(sent.status).toBe(429);
    expect(textOf(sent.body)).toContain('A security key or a recovery code still works.');
  });

  const ANSWERS: readonly [name: string, body: string][] = [
    ['a missing code', ''],
    ['an empty code', 'code='],
    ['two codes', 'code=CODE&code=CODE'],
    ['an array', 'code[]=CODE'],
    ['null', 'code=null'],
    ['an object', 'code=%7B%22code%22%3A%22CODE%22%7D'],
    ['spaces', 'code=%20%20%20%20%20%20'],
    ['full-width digits', 'code=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96'],
    ['an exponent', 'code=1e5'],
    ['a line break in it', 'code=CODE%0A'],
    ['one digit more', 'code=CODE0'],
  ];

  test.each(ANSWERS)('A12/R34: %s is a wrong answer: one try, no session', async (_name, body) => {
    const { person, number } = await plantedPhone(house);
    const { browser, code } = await textedCode(house, person, number);
    const answer = await browser.post('/sign-in/factor/sms', body.replaceAll('CODE', code));
    expect(answer.status).toBe(422);
    expect(await seesAccount(browser)).toBe(false);
    const { db } = house.app.database;
    const pending = await db
      .selectFrom('pending_sign_in')
      .select('attempts')
      .where('account_id', '=', person.id)
      .execute();
    expect(pending).toEqual([{ attempts: 1 }]);
    expect((await answerText(browser, code)).status).toBe(303);
  });

  test('A14/R32: another browser cannot answer, and nobody with a message of somebody else', async () => {
    const ann = await plantedPhone(house);
    const bob = await plantedPhone(house);
    const ofAnn = await textedCode(house, ann.person, ann.number);
    const ofBob = await textedCode(house, bob.person, bob.number);
    expect((await answerText(house.browser(), ofAnn.code)).location).toBe('/sign-in');
    if (ofAnn.code !== ofBob.code) expect((await answerText(ofAnn.browser, ofBob.code)).status).toBe(422);
    expect((await answerText(ofBob.browser, ofBob.code)).location).toBe('/');
    expect((await answerText(ofAnn.browser, ofAnn.code)).location).toBe('/');
  });

  test('A19/R8: half signed in, no phone can be set up and no message goes to one', async () => {
    const { person } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const state = await securityOf(house, person);
    const number = someNumber();
    for (const answer of [
      await browser.get('/account/security/sms'),
      await browser.post('/account/security/sms', { phone: number }),
      await browser.get('/account/security/sms/confirm'),
      await browser.post('/account/security/sms/confirm', { code: '123456' }),
    ])
      expect([answer.status, answer.location.split('?')[0]]).toEqual([303, '/sign-in']);
    expect(await textsTo(house, number)).toEqual([]);
    expect(await securityOf(house, person)).toEqual(state);
  });

  test('R7: an enrolment belongs to the session that began it', async () => {
    const person = await somebody(house);
    const [one, two] = [house.browser(), house.browser()];
    for (const browser of [one, two]) await enterPassword(browser, person);
    const number = someNumber();
    await one.submit('/account/security/sms', { phone: number });
    const code = await codeFor(house, number);
    expect((await two.get('/account/security/sms/confirm')).location).toBe('/account/security/sms');
    expect((await two.post('/account/security/sms/confirm', { code })).status).not.toBe(303);
    expect((await one.post('/account/security/sms/confirm', { code })).status).toBe(303);
  });

  test('R13: the number is shown whole to nobody but where it is typed, nor recorded', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const number = someNumber();
    await enrolPhone(house, browser, number);
    const half = await halfSignedIn(house, person);
    await sendText(half);
    const pages = [
      ...(await Promise.all(
        ['/account/security', '/account/activity', '/account', '/account/security/sms'].map((path) =>
          browser.get(path),
        ),
      )),
      await half.get('/sign-in/factor'),
    ];
    for (const { status, body } of pages) {
      expect(status).toBe(200);
      expect(body).not.toContain(number.slice(4));
    }
    const records = await recordsOf(house, person);
    expect(records.map(({ event }) => event)).toContain('text.sent');
    expect(JSON.stringify(records)).not.toContain(number.slice(4));
    for (const mail of await house.mails(person.email))
      expect(mail.text + mail.html).not.toContain(number.slice(4));
  });

  test('A27/R14: neither number nor code is in the database or its log, queued, sent or used', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const number = someNumber();
    await enrolPhone(house, browser, number);
    const { browser: half, code } = await textedCode(house, person, number);
    const dumped = [await dump()];
    await answerText(half, code);
    dumped.push(await dump());
    for (const bytes of dumped) {
      expect(bytes.includes(number)).toBe(false);
      expect(bytes.includes(number.slice(1))).toBe(false);
      // The code in the sentence that holds it: six digits alone stand in every database.
      expect(bytes.includes(`${code} is your code`)).toBe(false);
      expect(bytes.includes(`"${code}"`)).toBe(false);
    }
  });

  /** Every byte of the files with the log, or every column of every table. */
  async function dump(): Promise<Buffer> {
    const { database, config } = house.app.deps;
    if (engine === 'sqlite') {
      const files = readdirSync(config.dataDir).filter((name) => /\.db(-wal|-shm)?$/.test(name));
      return Buffer.concat(files.map((name) => readFileSync(join(config.dataDir, name))));
    }
    const { rows: tables } = await sql<{ name: string }>`
      select tablename as name from pg_tables where schemaname = current_schema()`.execute(database.db);
    const parts: string[] = [];
    for (const { name } of tables) {
      const found = await sql<{ row: string }>`select t::text as row from ${sql.table(name)} t`.execute(
        database.db,
      );
      parts.push(...found.rows.map(({ row }) => row));
    }
    return Buffer.from(parts.join('\n'));
  }
});

describe.each(ENGINES)('a gateway that is sick, on %s', (engine) => {
  let house: House | null = null;
  let gateway: TextGateway | null = null;
  afterEach(async () => {
    await house?.close();
    await gateway?.stop();
  });

  async function sick(
    ...[answer, options]: Parameters<typeof startTextGateway>
  ): Promise<WithPhone & { house: House }> {
    gateway = await startTextGateway(answer, options);
    const scheme = options?.tls ? 'webhook+https' : 'webhook+http';
    const env = { SMS_URL: `${scheme}://127.0.0.1:${gateway.port}/?secret=0123456789abcdef` };
    house = await openHouse({ engine, env });
    return { ...(await plantedPhone(house)), house };
  }

  test.each([
    ['500', answering(500), {}],
    ['says no to the number', answering(422), {}],
    ['a bad certificate', answering(204), { tls: true }],
    ['hangs', hanging, {}],
  ] as const)(
    'A30/R16: %s: no session, the other ways are offered within six seconds',
    async (_name, answer, options) => {
      const { house, person, secret } = await sick(answer, options);
      const browser = await halfSignedIn(house, person);
      const begun = performance.now();
      const told = await sendText(browser);
      expect(performance.now() - begun).toBeLessThan(6_000);
      expect(told.status).toBe(503);
      expect(textOf(told.body)).toContain('We couldn’t send the message');
      expect(told.body).toContain('href="/sign-in/factor?method=totp"');
      expect(told.body).toContain('href="/sign-in/factor?method=recovery-code"');
      expect(await seesAccount(browser)).toBe(false);
      const sent = (await recordsOf(house, person)).filter(({ event }) => event === 'text.sent');
      expect(sent.map(({ outcome }) => outcome)).toEqual(['success', 'failure']);
      // The code that was never told is worth nothing, and no further try brings it.
      const [asked] = gateway?.asked ?? [];
      if (asked) expect((await answerText(browser, codeOf(JSON.parse(asked.body).text))).status).toBe(422);
      const tries = gateway?.asked.length;
      house.clock.advance(MINUTE);
      await house.app.deps.outbox.flush();
      expect(gateway?.asked.length).toBe(tries);
      expect((await answerTotp(browser, appCode(house, secret))).location).toBe('/');
    },
  );

  test('A30: well again, it sends the next one', async () => {
    const { house, person } = await sick(answering(500));
    const browser = await halfSignedIn(house, person);
    expect((await sendText(browser)).status).toBe(503);
    if (gateway) gateway.answer = answering(200);
    expect((await sendText(browser)).status).toBe(429);
    house.clock.advance(MINUTE);
    expect((await sendText(browser)).status).toBe(303);
    const body = gateway?.asked.at(-1)?.body ?? '{}';
    expect((await answerText(browser, codeOf(JSON.parse(body).text))).location).toBe('/');
  });

  test('A30: while it hangs, nobody else waits', { retry: 2 }, async () => {
    const { house, person } = await sick(hanging);
    const more = await Promise.all(Array.from({ length: 4 }, () => plantedPhone(house)));
    const halves = await Promise.all(
      [{ person }, ...more].map(({ person: one }) => halfSignedIn(house, one)),
    );
    let waiting = true;
    const sending = Promise.all(halves.map(sendText)).finally(() => {
      waiting = false;
    });
    const took: number[] = [];
    while (waiting) {
      const begun = performance.now();
      expect((await house.browser().get('/sign-in')).status).toBe(200);
      took.push(performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await sending;
    took.sort((a, b) => a - b);
    expect(took.length).toBeGreaterThan(30);
    expect(took[Math.floor(took.length * 0.99)]).toBeLessThan(500);
  });
});

describe.each(ENGINES)('countries, on %s', (engine) => {
  test('R15: a list that has become shorter counts for numbers that were proven before', async () => {
    const house = await openHouse({ engine, env: { SMS_COUNTRIES: 'PT' } });
    const { person, number } = await plantedPhone(house);
    const browser = await halfSignedIn(house, person);
    const refused = await sendText(browser);
    expect(refused.status).toBe(409);
    expect(textOf(refused.body)).toContain('We send no messages to the country of this number.');
    expect(await textsTo(house, number)).toEqual([]);
    const portuguese = await plantedPhone(house, '+351912345678');
    expect((await sendText(await halfSignedIn(house, portuguese.person))).status).toBe(303);
    await house.close();
  });
});

describe.each(ENGINES)('the cap of the day, on %s', (engine) => {
  test('R15: once it is reached people are told that it is for today, until when, and what else there is', async () => {
    const house = await openHouse({ engine, env: { SMS_DAILY_CAP: '1' } });
    const [first, second] = [await plantedPhone(house), await plantedPhone(house)];
    expect((await sendText(await halfSignedIn(house, first.person))).status).toBe(303);
    const browser = await halfSignedIn(house, second.person);
    const refused = await sendText(browser);
    expect(refused.status).toBe(429);
    const midnight = Math.floor(house.clock.now() / DAY) * DAY + DAY;
    expect(refused.headers['retry-after']).toBe(String(Math.ceil((midnight - house.clock.now()) / 1000)));
    expect(textOf(refused.body)).toContain('Use another method, or try again tomorrow.');
    expect(refused.body).toContain('/sign-in/factor?method=totp');
    expect(await textsTo(house, second.number)).toEqual([]);
    house.clock.advance(midnight - house.clock.now());
    const next = await halfSignedIn(house, second.person);
    expect((await sendText(next)).status).toBe(303);
    await house.close();
  });
});
