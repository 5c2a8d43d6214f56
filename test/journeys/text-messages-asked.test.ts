import { describe, expect, test } from 'vitest';
import { countOf, guessWrong, halfSignedIn, recordsOf, sessionOf, somebody } from '../kit/attack-kit.ts';
import { textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { enterPassword } from '../kit/people.ts';
import {
  answerText,
  codeFor,
  otherCode,
  plantedPhone,
  sendText,
  someNumber,
  textedCode,
  textsTo,
} from '../kit/phones.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const ASKS = '/sign-in/factor?method=sms';

describe.each(ENGINES)('the second step by text message, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const input = (body: string) => /<input[^>]*name="code"[^>]*>/.exec(body)?.[0] ?? '';

  const freeze = ({ id }: { id: string }) =>
    house.app.database.db
      .updateTable('account')
      .set({ frozen_until_at: house.clock.now() + 60_000 })
      .where('id', '=', id)
      .execute();

  test('a look at the page sends nothing and asks for nothing; its button sends, and then there is a field', async () => {
    const { person, number } = await plantedPhone(house);
    const browser = await halfSignedIn(house, person);
    const before = await browser.get(ASKS);
    expect(textOf(before.body)).toContain(`the number ending in ${number.slice(-2)}.`);
    expect(before.body).not.toContain(number.slice(3, 8));
    expect([input(before.body), before.body.includes('role="alert"')]).toEqual(['', false]);
    expect(before.body).toContain('action="/sign-in/factor/sms/send"');
    // Nothing to send: nor is a browser to be trusted for it.
    expect(before.body).not.toContain('name="trust"');
    expect(await textsTo(house, number)).toEqual([]);

    const after = await browser.submit('/sign-in/factor/sms/send');
    expect(input(after.body)).toContain('autofocus');
    expect(input(after.body)).toContain('inputmode="numeric"');
    expect(input(after.body)).not.toContain('aria-invalid');
    expect(after.body).toContain('action="/sign-in/factor/sms"');
    expect(textOf(after.body)).toMatch(new RegExp(`Sent to the number ending in ${number.slice(-2)}, .+\\.`));
    expect(textOf(after.body)).toContain('Send a new code');
    expect(after.body).toContain('name="trust"');
  });

  test('a wrong code is told beside the field, and the fifth to be the last', async () => {
    const { person, number } = await plantedPhone(house);
    const { browser, code } = await textedCode(house, person, number);
    for (let tries = 1; tries < 5; tries++) {
      const wrong = await answerText(browser, otherCode(code));
      expect(textOf(wrong.body)).toContain('Type the one from the newest message.');
      expect(input(wrong.body)).toContain('aria-invalid="true"');
    }
    const last = textOf((await answerText(browser, otherCode(code))).body);
    expect(last).toContain('That was the last try');
    expect(last).not.toContain('newest message');
  });

  test('what is typed before a code was sent is wrong, and told above the button that sends one', async () => {
    const { person } = await plantedPhone(house);
    const browser = await halfSignedIn(house, person);
    const wrong = await answerText(browser, '123456');
    expect(wrong.status).toBe(422);
    expect(wrong.body).toMatch(/role="alert">[^<]*Type the one from the newest message/);
  });

  test('the session says that it was a text message, the record that one was sent, the phone when it was used', async () => {
    const { person, number } = await plantedPhone(house);
    const { browser, code } = await textedCode(house, person, number);
    await answerText(browser, code);
    const session = await sessionOf(house, browser);
    expect(session?.amr.split(' ').sort()).toEqual(['mfa', 'pwd', 'sms']);
    expect(session?.acr).toBe('mfa');
    expect(await recordsOf(house, person, 'text.sent')).toMatchObject([
      { method: 'sms', outcome: 'success' },
    ]);
    const { db } = house.app.database;
    const phones = await db
      .selectFrom('factor')
      .select('last_used_at')
      .where('account_id', '=', person.id)
      .where('kind', '=', 'sms')
      .execute();
    expect(phones).toEqual([{ last_used_at: house.clock.now() }]);
  });

  test('R14: a code that was sent to the number of before proves nothing of the one of now', async () => {
    const { person, number } = await plantedPhone(house);
    const { browser, code } = await textedCode(house, person, number);
    const { seal, database } = house.app.deps;
    const [phone] = await database.db
      .selectFrom('factor')
      .select('id')
      .where('account_id', '=', person.id)
      .where('kind', '=', 'sms')
      .execute();
    const id = phone?.id as string;
    const sealed_data = seal.seal('sms', `${person.id}/${id}`, someNumber());
    await database.db.updateTable('factor').set({ sealed_data }).where('id', '=', id).execute();
    for (let tries = 0; tries < 5; tries++) expect((await answerText(browser, code)).status).toBe(422);
    // A wrong answer, as any other.
    expect((await answerText(browser, code)).location).toBe('/sign-in');
    expect(await sessionOf(house, browser)).toBeNull();
  });

  test('R11: while codes rest no message is paid for, and the answer says for how long', async () => {
    const someone = await plantedPhone(house);
    const { person, number } = someone;
    await guessWrong(house, someone, 10);
    house.clock.advance(60_500);
    const held = await sendText(await halfSignedIn(house, person));
    expect([held.status, held.headers['retry-after']]).toEqual([429, '840']);
    await house.app.database.db
      .updateTable('guess_budget')
      .set({ closed_at: house.clock.now() })
      .where('account_id', '=', person.id)
      .execute();
    const closed = await sendText(await halfSignedIn(house, person));
    expect([closed.status, closed.headers['retry-after']]).toEqual([429, '86400']);
    expect(textOf(closed.body)).toContain('closed');
    expect(await textsTo(house, number)).toEqual([]);
  });

  test('the message speaks the language of the account, not of the browser', async () => {
    const { person, number } = await plantedPhone(house);
    const { db } = house.app.database;
    await db.updateTable('account').set({ locale: 'es' }).where('id', '=', person.id).execute();
    await textedCode(house, person, number);
    expect((await textsTo(house, number))[0]).toMatch(/^\d{6} es tu código .*Countersign/);
  });

  test('a first phone makes the session one of two steps; its number stands whole on its own page alone', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const number = someNumber();
    const shown = await browser.submit('/account/security/sms', { phone: number });
    expect(textOf(shown.body)).toContain(`We sent it to ${number}.`);
    const code = await codeFor(house, number);
    expect((await browser.post('/account/security/sms/confirm', { code })).status).toBe(303);
    const session = await sessionOf(house, browser);
    expect(session?.amr.split(' ').sort()).toEqual(['mfa', 'pwd', 'sms']);
    expect([session?.acr, session?.method]).toEqual(['mfa', 'sms']);
  });

  test('R27: a first phone whose recovery codes nobody has seen is not switched on', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const number = someNumber();
    await browser.post('/account/security/sms', { phone: number });
    const code = await codeFor(house, number);
    const blind = await browser.post(
      '/account/security/sms/confirm',
      { code },
      { accept: 'application/json' },
    );
    expect([blind.status, blind.json<{ code: string }>().code]).toEqual([422, 'enrolment_expired']);
    expect(await countOf(house, 'factor', person)).toBe(0);
    // The message is not spent by it.
    await browser.get('/account/security/sms/confirm');
    expect((await browser.post('/account/security/sms/confirm', { code })).status).toBe(303);
  });

  test('another number in its place leaves the session as it is', async () => {
    const { person, number } = await plantedPhone(house);
    const { browser, code } = await textedCode(house, person, number);
    await answerText(browser, code);
    const next = someNumber();
    await browser.submit('/account/security/sms', { phone: next });
    const before = new Map(browser.cookies);
    const answer = { code: await codeFor(house, next) };
    expect((await browser.post('/account/security/sms/confirm', answer)).status).toBe(303);
    expect(browser.cookies.get('session')).toBe(before.get('session'));
    expect([...browser.cookies.keys()].sort()).toEqual([...new Set([...before.keys(), 'notice'])].sort());
  });

  test('while security changes rest, no message goes to a new number, and a code is not even looked at', async () => {
    const { person, number } = await plantedPhone(house);
    const browser = await halfSignedIn(house, person);
    await sendText(browser);
    await answerText(browser, await codeFor(house, number));
    const next = someNumber();
    const json = { accept: 'application/json' };
    expect((await browser.post('/account/security/sms', { phone: next })).status).toBe(303);
    const code = await codeFor(house, next);
    await freeze(person);
    for (const typed of [otherCode(code), code]) {
      const refused = await browser.post('/account/security/sms/confirm', { code: typed }, json);
      expect([refused.status, refused.json<{ code: string }>().code]).toEqual([409, 'changes_frozen']);
    }
    house.clock.advance(50_000);
    const other = someNumber();
    expect((await browser.post('/account/security/sms', { phone: other }, json)).status).toBe(409);
    expect(await textsTo(house, other)).toEqual([]);
  });
});
