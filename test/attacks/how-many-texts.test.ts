import { describe, expect, test } from 'vitest';
import {
  answerTotp,
  copyOf,
  DAY,
  freshCode,
  HOUR,
  halfSignedIn,
  halfSignedInTimes,
  MINUTE,
  SECOND,
  somebodyProtected,
  wrongCode,
} from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, openHouse } from '../kit/house.ts';
import { addKey } from '../kit/keys.ts';
import { appCode, enterPassword } from '../kit/people.ts';
import {
  answerText,
  codeFor,
  enrolPhone,
  otherCode,
  plantedPhone,
  sendText,
  someNumber,
  textedCode,
  textsTo,
} from '../kit/phones.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

describe.each(ENGINES)('codes by text message, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);

  test('A28/R15: a hundred resends at once, over ten sign-ins and two processes: one message', async () => {
    const { person, number } = await plantedPhone(house);
    const halves = await halfSignedInTimes(house, person, 10);
    const twins = halves.map((half) => copyOf(half, twin));
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
});

describe.each(ENGINES)('countries, on %s', (engine) => {
  test('R15: a list that has become shorter counts for numbers that were proven before', async () => {
    const house = await openHouse({ engine, env: { SMS_COUNTRIES: 'PT' } });
    const { person, number } = await plantedPhone(house);
    const browser = await halfSignedIn(house, person);
    const refused = await sendText(browser);
    expect(refused.status).toBe(409);
    expect(textOf(refused.body)).toContain('We don’t send messages to the country of this number.');
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
