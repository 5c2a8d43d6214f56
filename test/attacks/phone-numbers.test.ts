import { describe, expect, test } from 'vitest';
import { countOf, halfSignedIn, planted, recordsOf, securityOf, somebody } from '../kit/attack-kit.ts';
import { dump } from '../kit/dump.ts';
import { ENGINES } from '../kit/house.ts';
import { enterPassword } from '../kit/people.ts';
import {
  answerText,
  codeFor,
  enrolPhone,
  otherCode,
  sendText,
  someNumber,
  textedCode,
  textsTo,
} from '../kit/phones.ts';
import { sharedHouse } from '../kit/shared-house.ts';

describe.each(ENGINES)('codes by text message, on %s', (engine) => {
  const house = sharedHouse({ engine });

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
    const dumped = [await dump(house)];
    await answerText(half, code);
    dumped.push(await dump(house));
    for (const bytes of dumped) {
      expect(bytes.includes(number)).toBe(false);
      expect(bytes.includes(number.slice(1))).toBe(false);
      // The code in the sentence that holds it: six digits alone stand in every database.
      expect(bytes.includes(`${code} is your code`)).toBe(false);
      expect(bytes.includes(`"${code}"`)).toBe(false);
    }
  });
});
