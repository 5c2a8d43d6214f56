import { describe, expect, test } from 'vitest';
import { answerTotp, copyOf, countOf, halfSignedIn, MINUTE, SECOND, seesAccount } from '../kit/attack-kit.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode } from '../kit/people.ts';
import { answerText, codeFor, otherCode, plantedPhone, someNumber, textedCode } from '../kit/phones.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

describe.each(ENGINES)('codes by text message, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);

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
    const browsers = Array.from({ length: 20 }, (_, index) => copyOf(browser, index % 2 ? house : twin));
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
});
