import { describe, expect, test } from 'vitest';
import {
  answerTotp,
  countOf,
  halfSignedIn,
  halfSignedInTimes,
  MINUTE,
  planted,
  recordsOf,
  SECOND,
  securityOf,
  seesAccount,
  settled,
  somebody,
  somebodyProtected,
  wrongCode,
} from '../kit/attack-kit.ts';
import { textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { addPerson, appCode, enableApp, enterPassword, readEnrolment, stepUp } from '../kit/people.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

describe.each(ENGINES)('a code is spent once for ever, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);

  test('A1: one code in twenty sign-ins at once, on two processes, lets exactly one in', async () => {
    const { person, secret } = await planted(house);
    const before = await halfSignedIn(house, person);
    const wrong = await answerTotp(before, wrongCode(house, secret));
    const browsers = [
      ...(await halfSignedInTimes(house, person, 10)),
      ...(await halfSignedInTimes(twin, person, 10)),
    ];
    const code = appCode(house, secret);
    const answers = await Promise.all(browsers.map((browser) => answerTotp(browser, code)));
    const refused = answers.filter(({ status }) => status === 422);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(19).fill(422)]);
    expect(new Set(refused.map(settled))).toEqual(new Set([settled(wrong)]));
    const seeing = await Promise.all(browsers.map(seesAccount));
    expect(seeing.filter(Boolean)).toHaveLength(1);

    const records = await recordsOf(house, person, 'sign_in.factor');
    expect(records.filter(({ outcome }) => outcome === 'success')).toHaveLength(1);
    const replayed = records.filter(({ detail }) => JSON.parse(detail).reason === 'replayed');
    expect(replayed).toHaveLength(19);
    const [budget] = await house.app.database.db
      .selectFrom('guess_budget')
      .selectAll()
      .where('account_id', '=', person.id)
      .execute();
    expect([budget?.block, budget?.run, budget?.open]).toEqual([0, 0, 0]);
  });

  test('A1: one code twenty times at once in the same sign-in gives one session', async () => {
    const { person, secret } = await planted(house);
    const sessions = await countOf(house, 'session', person);
    const browser = await halfSignedIn(house, person);
    const code = appCode(house, secret);
    const answers = await Promise.all(Array.from({ length: 20 }, () => answerTotp(browser, code)));
    for (const { status } of answers) expect([303, 422]).toContain(status);
    expect(answers.filter(({ location }) => location === '/')).toHaveLength(1);
    expect(await countOf(house, 'session', person)).toBe(sessions + 1);
  });

  test('A3: a code that signed in works for nothing else, and the code of the enrolment for nothing at all', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const { secret } = readEnrolment((await browser.get('/account/security/totp')).body);
    const enrolling = appCode(house, secret);
    expect((await browser.post('/account/security/totp', { code: enrolling })).status).toBe(303);
    const other = await halfSignedIn(house, person);
    expect((await answerTotp(other, enrolling)).status).toBe(422);

    house.clock.advance(30 * SECOND);
    const code = appCode(house, secret);
    expect((await answerTotp(other, code)).location).toBe('/');
    const state = await securityOf(house, person);
    expect((await answerTotp(await halfSignedIn(house, person), code)).status).toBe(422);
    expect((await answerTotp(await halfSignedIn(twin, person), code)).status).toBe(422);
    await browser.submit('/confirm', { password: person.password });
    expect((await browser.post('/confirm/factor/totp', { code })).status).toBe(422);
    await other.submit('/confirm', { password: person.password });
    expect((await other.post('/confirm/factor/totp', { code })).status).toBe(422);
    // Off by a step-up with that code? There was none.
    house.clock.advance(11 * MINUTE);
    const stale = await other.post('/account/security/disable', { password: person.password });
    expect(stale.location).toContain('/confirm');
    expect(await securityOf(house, person)).toEqual(state);
  });

  test('A3: a code that stepped up does not sign in', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const code = appCode(house, secret);
    await browser.submit('/confirm', { password: person.password });
    expect((await browser.post('/confirm/factor/totp', { code })).status).toBe(303);
    expect((await answerTotp(await halfSignedIn(house, person), code)).status).toBe(422);
  });

  test('A3: the code that confirmed a replacement or a second app does not sign in', async () => {
    const { person, browser } = await somebodyProtected(house);
    const second = readEnrolment((await browser.get('/account/security/totp')).body);
    const code = appCode(house, second.secret);
    expect((await browser.post('/account/security/totp', { code })).status).toBe(303);
    expect((await answerTotp(await halfSignedIn(house, person), code)).status).toBe(422);
    const id = /factors\/([0-9a-f]{32})"/.exec((await browser.get('/account/security')).body)?.[1] as string;
    const third = readEnrolment((await browser.get(`/account/security/totp?replaces=${id}`)).body);
    const replacing = appCode(house, third.secret);
    const done = await browser.post('/account/security/totp', { code: replacing, replaces: id });
    expect(done.status).toBe(303);
    expect((await answerTotp(await halfSignedIn(house, person), replacing)).status).toBe(422);
  });

  test('A3: one code at sign-in and at step-up at once is taken by one of them', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    for (let round = 0; round < 5; round++) {
      house.clock.advance(60 * SECOND);
      const code = appCode(house, secret);
      const other = await halfSignedIn(twin, person);
      await browser.submit('/confirm', { password: person.password });
      const answers = await Promise.all([
        browser.post('/confirm/factor/totp', { code }),
        answerTotp(other, code),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
    }
  });

  test('A4: an older code after a newer one is refused, though still in the window', async () => {
    const { person, secret } = await planted(house);
    house.clock.advance(5 * MINUTE);
    expect((await answerTotp(await halfSignedIn(house, person), appCode(house, secret, 0))).status).toBe(303);
    const late = await halfSignedIn(house, person);
    expect((await answerTotp(late, appCode(house, secret, -1))).status).toBe(422);
    expect((await answerTotp(late, appCode(house, secret, 0))).status).toBe(422);
    expect((await answerTotp(late, appCode(house, secret, 1))).status).toBe(303);
    const later = await halfSignedIn(house, person);
    for (const steps of [-1, 0, 1]) {
      expect((await answerTotp(later, appCode(house, secret, steps))).status).toBe(422);
    }
  });

  test.each([
    [-2, 422],
    [-1, 303],
    [0, 303],
    [1, 303],
    [2, 422],
  ])('A5/R9: the code of step %i answers %i, and once only', async (steps, status) => {
    const { person, secret } = await planted(house);
    house.clock.advance(5 * MINUTE);
    const code = appCode(house, secret, steps);
    expect((await answerTotp(await halfSignedIn(house, person), code)).status).toBe(status);
    expect((await answerTotp(await halfSignedIn(house, person), code)).status).toBe(422);
  });

  test('A62: no code is accepted twice while the clock jumps back and forth', async () => {
    const { person, secret } = await planted(house);
    const accepted = new Set<string>();
    const jumps = [0, -3600, 3600, -30, 30, -60, 60, -3600, 3630, -90, 90, -7200, 7230, -30, 60];
    for (const jump of jumps) {
      house.clock.advance(jump * SECOND);
      for (const steps of [-1, 0, 1]) {
        const code = appCode(house, secret, steps);
        // An hour back, nothing was signed in yet as far as this clock knows; the account is still the same.
        const browser = house.browser();
        if ((await enterPassword(browser, person)).location !== '/sign-in/factor') continue;
        const answer = await answerTotp(browser, code);
        if (answer.location !== '/') continue;
        expect(accepted.has(code), `code ${code} was accepted twice`).toBe(false);
        accepted.add(code);
      }
    }
    expect(accepted.size).toBeGreaterThan(1);
  });

  test('R11: the clock doctor does not tell which code will be right in a few minutes', async () => {
    const { person, secret } = await planted(house);
    house.clock.advance(10 * MINUTE);
    const browser = await halfSignedIn(house, person);
    const future = appCode(house, secret, 9);
    const first = await answerTotp(browser, future);
    const second = await answerTotp(browser, future);
    expect(textOf(second.body)).toBe(textOf(first.body));
    const wrong = await answerTotp(browser, wrongCode(house, secret));
    expect(textOf(second.body)).toBe(textOf(wrong.body));
  });

  test('R11: the clock doctor still helps whoever types the codes of a slow phone', async () => {
    const { person, secret } = await planted(house);
    house.clock.advance(10 * MINUTE);
    const browser = await halfSignedIn(house, person);
    expect(textOf((await answerTotp(browser, appCode(house, secret, -6))).body)).not.toContain('slow');
    house.clock.advance(30 * SECOND);
    expect(textOf((await answerTotp(browser, appCode(house, secret, -6))).body)).toContain('slow');
  });

  test('R6: the server makes the secret; one in the request is not looked at', async () => {
    const person = await addPerson(house, { email: 'secret-chooser@example.org' });
    const browser = house.browser();
    await enterPassword(browser, person);
    const planted = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    const shown = readEnrolment((await browser.get(`/account/security/totp?secret=${planted}`)).body);
    expect(shown.secret).not.toBe(planted);
    const answer = await browser.post('/account/security/totp', {
      code: appCode(house, planted),
      secret: planted,
    });
    expect(answer.status).toBe(422);
    expect(await countOf(house, 'factor', person)).toBe(0);
  });

  test('R6: secrets are 160 bits and never the same', async () => {
    const seen = new Set<string>();
    for (let n = 0; n < 12; n++) {
      const browser = house.browser();
      await enterPassword(browser, await somebody(house));
      seen.add(readEnrolment((await browser.get('/account/security/totp')).body).secret);
    }
    expect(seen.size).toBe(12);
    for (const secret of seen) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  });

  test('R10: an undone replacement does not give back a code that was used', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const code = appCode(house, secret);
    expect((await answerTotp(await halfSignedIn(house, person), code)).status).toBe(303);
    const id = /factors\/([0-9a-f]{32})"/.exec((await browser.get('/account/security')).body)?.[1] as string;
    const next = readEnrolment((await browser.get(`/account/security/totp?replaces=${id}`)).body);
    const replaced = await browser.post('/account/security/totp', {
      code: appCode(house, next.secret),
      replaces: id,
    });
    expect(replaced.status).toBe(303);
    const undo = await house.link(person.email, '/undo');
    const page = await house.browser().get(undo);
    expect((await house.browser().post('/undo', { token: page.field('token') })).status).toBe(303);
    const after = await halfSignedIn(house, person);
    expect((await answerTotp(after, code)).status).toBe(422);
    house.clock.advance(30 * SECOND);
    expect((await answerTotp(after, appCode(house, secret))).status).toBe(303);
  });

  test('R10: enabling twice at once with the same code switches on once', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const { secret } = readEnrolment((await browser.get('/account/security/totp')).body);
    const code = appCode(house, secret);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => browser.post('/account/security/totp', { code })),
    );
    expect(answers.filter(({ status }) => status === 303).length).toBeGreaterThanOrEqual(1);
    for (const { status } of answers) expect(status).toBeLessThan(500);
    expect(await countOf(house, 'factor', person)).toBe(1);
    expect(await countOf(house, 'recovery_code', person)).toBe(10);
  });

  test('R7: an enrolment belongs to its session and lives ten minutes', async () => {
    const person = await somebody(house);
    const [first, second] = [house.browser(), house.browser()];
    await enterPassword(first, person);
    await enterPassword(second, person);
    const { secret } = readEnrolment((await first.get('/account/security/totp')).body);
    const elsewhere = await second.post('/account/security/totp', { code: appCode(house, secret) });
    expect(elsewhere.status).toBe(422);
    house.clock.advance(10 * MINUTE + SECOND);
    const late = await first.post('/account/security/totp', { code: appCode(house, secret) });
    expect(late.location === '/confirm?return_to=%2Faccount%2Fsecurity%2Ftotp' || late.status === 422).toBe(
      true,
    );
    await first.submit('/confirm', { password: person.password });
    const expired = await first.post('/account/security/totp', { code: appCode(house, secret) });
    expect(expired.status).toBe(422);
    expect(await countOf(house, 'factor', person)).toBe(0);

    const shown = await enableApp(house, first);
    await stepUp(house, first, person, shown.secret);
    const again = readEnrolment((await first.get('/account/security/totp')).body);
    await first.post('/sign-out');
    const after = await first.post('/account/security/totp', { code: appCode(house, again.secret) });
    expect(after.location).toMatch(/^\/sign-in/);
    expect(await countOf(house, 'factor', person)).toBe(1);
  });
});
