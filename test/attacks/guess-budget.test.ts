import { describe, expect, test } from 'vitest';
import {
  answerRecovery,
  answerTotp,
  DAY,
  freshCode,
  guessWrong,
  halfSignedIn,
  halfSignedInTimes,
  MINUTE,
  oneWrong,
  type Protected,
  planted,
  recordsOf,
  SECOND,
  seesAccount,
  somebodyProtected,
  tokenOf,
  tryCode,
  wrongCode,
} from '../kit/attack-kit.ts';
import { textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, type Person, stepUp } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const HELD = 'Sign-in codes are paused';
const CLOSED = 'Sign-in codes are closed';

describe.each(ENGINES)('guessing a code, on %s', (engine) => {
  const house = sharedHouse({ engine });

  async function subjects(person: Person): Promise<string[]> {
    return (await house.mails(person.email)).map(({ subject }) => subject);
  }

  /** A password reset by mail. -> the person with the new password */
  async function resetByMail(person: Person, password: string): Promise<Person> {
    const browser = house.browser();
    expect((await browser.post('/forgot-password', { email: person.email })).status).toBe(303);
    const token = tokenOf(await house.link(person.email, '/reset-password'));
    const done = await browser.post('/reset-password', { token, password });
    expect([done.status, done.location]).toEqual([303, '/sign-in']);
    return { ...person, password };
  }

  test('A6: five wrong end the sign-in, ten put codes on hold for a quarter of an hour, with one warning', async () => {
    const { person, secret } = await planted(house);
    const first = await halfSignedIn(house, person);
    for (let n = 0; n < 5; n++)
      expect((await answerTotp(first, wrongCode(house, secret, n))).status).toBe(422);
    const sixth = await answerTotp(first, appCode(house, secret));
    expect([sixth.status, sixth.location]).toEqual([303, '/sign-in']);
    expect((await first.get('/sign-in/factor')).location).toBe('/sign-in');
    expect(await seesAccount(first)).toBe(false);

    const second = await halfSignedIn(house, person);
    for (let n = 5; n < 10; n++)
      expect((await answerTotp(second, wrongCode(house, secret, n))).status).toBe(422);
    for (const browser of [second, await halfSignedIn(house, person)]) {
      const held = await answerTotp(browser, appCode(house, secret));
      expect([held.status, held.headers['retry-after']]).toEqual([429, '900']);
      expect(await seesAccount(browser)).toBe(false);
    }
    expect((await subjects(person)).filter((subject) => subject === HELD)).toHaveLength(1);
    expect((await subjects(person)).filter((subject) => subject.startsWith('Someone knows'))).toHaveLength(1);
  });

  test('A6/R11: the hold is in the database: another process and a restart know it', async () => {
    const someone = await planted(house);
    const { person, secret } = someone;
    await guessWrong(house, someone, 10);
    const other = await house.twin();
    expect((await tryCode(other, person, appCode(house, secret))).status).toBe(429);
    house.clock.advance(15 * MINUTE - SECOND);
    const late = await tryCode(other, person, appCode(house, secret));
    expect([late.status, late.headers['retry-after']]).toEqual([429, '1']);
    house.clock.advance(SECOND);
    expect((await tryCode(house, person, appCode(house, secret))).location).toBe('/');
  });

  test('R11: signing in with the password again, or elsewhere, refills nothing; a right code does', async () => {
    const someone = await planted(house);
    const { person, secret } = someone;
    await guessWrong(house, someone, 9);
    await halfSignedInTimes(house, person, 3);
    await (await halfSignedIn(house, person)).post('/sign-in/cancel');
    expect((await tryCode(house, person, freshCode(house, secret))).location).toBe('/');
    await guessWrong(house, someone, 9);
    expect((await tryCode(house, person, wrongCode(house, secret, 50))).status).toBe(422);
    expect((await tryCode(house, person, freshCode(house, secret))).status).toBe(429);
  });

  test('R11: the budget is shared with step-up, and with sign-ins in other browsers', async () => {
    const someone = await somebodyProtected(house);
    const { person, browser, secret } = someone;
    for (let n = 0; n < 2; n++) {
      await browser.post('/confirm', { password: person.password });
      for (let m = 0; m < 3; m++) {
        const code = wrongCode(house, secret, 3 * n + m);
        expect((await browser.post('/confirm/factor/totp', { code })).status).toBe(422);
      }
    }
    await guessWrong(house, someone, 4);
    await browser.post('/confirm', { password: person.password });
    const held = await browser.post('/confirm/factor/totp', { code: freshCode(house, secret) });
    expect([held.status, Number(held.headers['retry-after']) > 0]).toEqual([429, true]);
    expect((await tryCode(house, person, appCode(house, secret))).status).toBe(429);
  });

  test('R38: five wrong codes end a step-up; nothing was granted', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    house.clock.advance(11 * MINUTE);
    await browser.submit('/confirm', { password: person.password });
    for (let n = 0; n < 5; n++) {
      const wrong = await browser.post('/confirm/factor/totp', { code: wrongCode(house, secret, n) });
      expect(wrong.status).toBe(422);
    }
    const sixth = await browser.post('/confirm/factor/totp', { code: appCode(house, secret) });
    expect([sixth.status, sixth.location.split('?')[0]]).toEqual([303, '/confirm']);
    const stale = await browser.get('/account/security/disable');
    expect(stale.location).toMatch(/^\/confirm/);
  });

  /** As if the last ten of every `run` had been followed by a hold that is over. */
  async function rememberWrong({ person }: Protected, run: number): Promise<void> {
    const values = { account_id: person.id, block: 0, run, open: 0, holds: run / 10 };
    await house.app.database.db.insertInto('guess_budget').values(values).execute();
  }

  /** As if so many had been wrong on some day before today. */
  async function rememberDay({ person }: Protected, daysAgo: number, wrong: number): Promise<void> {
    const day = Math.floor(house.clock.now() / DAY) - daysAgo;
    await house.app.database.db
      .insertInto('guess_day')
      .values({ account_id: person.id, day, wrong })
      .execute();
  }

  /** As a crash leaves it: the last of `run` wrong codes was reserved, and nobody ever answered it. */
  async function leaveUndecided({ person }: Protected, block: number, run: number): Promise<void> {
    const values = { account_id: person.id, block, run, open: 1, reserved_at: house.clock.now() };
    await house.app.database.db.insertInto('guess_budget').values(values).execute();
  }

  test('R11/R60: a hold that begins late, after a crash, is recorded and mailed all the same, once', async () => {
    const someone = await planted(house);
    const { person, secret } = someone;
    await leaveUndecided(someone, 10, 10);
    house.clock.advance(11 * SECOND);
    const browsers = await halfSignedInTimes(house, person, 3);
    for (const answer of await Promise.all(browsers.map((one) => answerTotp(one, appCode(house, secret))))) {
      expect([answer.status, answer.headers['retry-after']]).toEqual([429, '900']);
    }
    expect(await recordsOf(house, person, 'codes.held')).toHaveLength(1);
    expect((await subjects(person)).filter((subject) => subject === HELD)).toHaveLength(1);
    house.clock.advance(15 * MINUTE);
    expect((await tryCode(house, person, appCode(house, secret))).location).toBe('/');
  });

  test('R11/R60: typed codes that close late, after a crash, are recorded and mailed all the same, once', async () => {
    const someone = await planted(house);
    const { person, secret } = someone;
    await leaveUndecided(someone, 10, 100);
    house.clock.advance(11 * SECOND);
    for (let n = 0; n < 2; n++)
      expect((await tryCode(house, person, appCode(house, secret))).status).toBe(429);
    expect(await recordsOf(house, person, 'codes.closed')).toHaveLength(1);
    expect((await subjects(person)).filter((subject) => subject === CLOSED)).toHaveLength(1);
    expect(await subjects(person)).not.toContain(HELD);
  });

  test('R11: holds double from a quarter of an hour to a day', async () => {
    const someone = await planted(house);
    for (const minutes of [15, 30, 60, 120]) {
      await guessWrong(house, someone, 10);
      const held = await tryCode(house, someone.person, wrongCode(house, someone.secret));
      expect([held.status, held.headers['retry-after']]).toEqual([429, String(minutes * 60)]);
      house.clock.advance(minutes * MINUTE);
    }
    const later = await planted(house);
    await rememberWrong(later, 80);
    await guessWrong(house, later, 10);
    const held = await tryCode(house, later.person, wrongCode(house, later.secret));
    expect([held.status, held.headers['retry-after']]).toEqual([429, String(24 * 60 * 60)]);
  });

  test('R11/A8: a hundred wrong in a row close typed codes; a mail reset does not open them, a recovery code does', async () => {
    const someone = await planted(house);
    const { person, secret, codes } = someone;
    await rememberWrong(someone, 90);
    await guessWrong(house, someone, 9);
    const last = await halfSignedIn(house, person);
    await oneWrong(last, house, secret, 10);
    house.clock.advance(40 * DAY);
    const closed = await answerTotp(await halfSignedIn(house, person), appCode(house, secret));
    expect([closed.status, textOf(closed.body).includes('closed')]).toEqual([429, true]);
    const told = (await subjects(person)).filter((subject) => subject === CLOSED || subject === HELD);
    expect(told).toEqual([CLOSED]);

    const reset = await resetByMail(person, 'brisk-teal-heron-77');
    expect((await tryCode(house, reset, appCode(house, secret))).status).toBe(429);
    const recovered = await halfSignedIn(house, reset);
    expect((await answerRecovery(recovered, codes[0] as string)).location).toBe('/');
    expect((await tryCode(house, reset, freshCode(house, secret))).location).toBe('/');
  });

  test('A8: during a hold a recovery code signs in and clears the count', async () => {
    const someone = await planted(house);
    const { person, secret, codes } = someone;
    await guessWrong(house, someone, 10);
    const browser = await halfSignedIn(house, person);
    expect((await answerTotp(browser, appCode(house, secret))).status).toBe(429);
    expect((await answerRecovery(browser, codes[4] as string)).location).toBe('/');
    expect((await tryCode(house, person, freshCode(house, secret))).location).toBe('/');
    await guessWrong(house, someone, 9);
    expect((await tryCode(house, person, freshCode(house, secret))).location).toBe('/');
  });

  test('A8: a mail reset ends a running hold once a day and refills nothing', async () => {
    const someone = await planted(house);
    const { secret } = someone;
    await guessWrong(house, someone, 10);
    let now = { ...someone, person: await resetByMail(someone.person, 'brisk-teal-heron-78') };
    await guessWrong(house, now, 9);
    expect((await tryCode(house, now.person, freshCode(house, secret))).location).toBe('/');

    await guessWrong(house, now, 10);
    now = { ...now, person: await resetByMail(now.person, 'brisk-teal-heron-79') };
    const again = await tryCode(house, now.person, freshCode(house, secret));
    expect(again.status, 'the second reset of a day ends no hold').toBe(429);
    house.clock.advance(DAY);
    await guessWrong(house, now, 10);
    now = { ...now, person: await resetByMail(now.person, 'brisk-teal-heron-80') };
    // The hold is over, the row of wrong codes is not: the next hold is longer.
    await guessWrong(house, now, 10);
    const held = await tryCode(house, now.person, wrongCode(house, secret));
    expect([held.status, Number(held.headers['retry-after']) > 15 * 60]).toEqual([429, true]);
  });

  test('R11: two hundred wrong in thirty days close typed codes, whatever successes lie between', async () => {
    const someone = await planted(house);
    const { person, secret } = someone;
    for (const daysAgo of [29, 20, 3]) await rememberDay(someone, daysAgo, 63);
    await guessWrong(house, someone, 9);
    expect((await tryCode(house, person, freshCode(house, secret))).location).toBe('/');
    await guessWrong(house, someone, 2);
    const closed = await answerTotp(await halfSignedIn(house, person), freshCode(house, secret));
    expect([closed.status, textOf(closed.body).includes('closed')]).toEqual([429, true]);
    expect(await subjects(person)).toContain(CLOSED);
  });

  test('R11: the two hundred cannot be overrun by a burst', async () => {
    const someone = await planted(house);
    await rememberDay(someone, 1, 198);
    const browsers = await halfSignedInTimes(house, someone.person, 9);
    const answers = await Promise.all(
      browsers.map((browser, n) => answerTotp(browser, wrongCode(house, someone.secret, n))),
    );
    expect(answers.filter(({ status }) => status === 422).length).toBeLessThanOrEqual(2);
  });

  test('R11: wrong codes older than thirty days do not count against the two hundred', async () => {
    const someone = await planted(house);
    await rememberDay(someone, 30, 150);
    await rememberDay(someone, 29, 100);
    await guessWrong(house, someone, 9);
    expect((await tryCode(house, someone.person, freshCode(house, someone.secret))).location).toBe('/');
  });

  test('R11: a replayed right code costs nothing, neither its sign-in nor the account', async () => {
    const someone = await planted(house);
    const { person, secret } = someone;
    const code = appCode(house, secret);
    expect((await tryCode(house, person, code)).location).toBe('/');
    const browser = await halfSignedIn(house, person);
    for (let n = 0; n < 12; n++) expect((await answerTotp(browser, code)).status).toBe(422);
    await guessWrong(house, someone, 9);
    expect((await answerTotp(browser, freshCode(house, secret))).location).toBe('/');
  });

  test('R11: guesses at recovery codes end a sign-in after five, and touch no budget of typed codes', async () => {
    const { person, secret } = await planted(house);
    for (let round = 0; round < 3; round++) {
      const browser = await halfSignedIn(house, person);
      for (let n = 0; n < 5; n++) {
        expect((await answerRecovery(browser, `ABCD-EFGH-JKMN-PQR${n}`)).status).toBe(422);
      }
      expect((await answerRecovery(browser, 'ABCD-EFGH-JKMN-PQRS')).location).toBe('/sign-in');
    }
    expect((await tryCode(house, person, freshCode(house, secret))).location).toBe('/');
  });

  test('R59: wrong passwords never touch the budget of the second step', async () => {
    const { person, secret } = await planted(house);
    for (let n = 0; n < 30; n++) {
      const stranger = house.browser();
      stranger.network = `198.51.100.${n}`;
      await stranger.post('/sign-in', { email: person.email, password: `wrong ${n}` });
    }
    const rows = await house.app.database.db
      .selectFrom('guess_budget')
      .selectAll()
      .where('account_id', '=', person.id)
      .execute();
    expect(rows).toHaveLength(0);
    expect((await tryCode(house, person, appCode(house, secret))).location).toBe('/');
  });

  test('R11: a step-up in an open session is no way to guess on during a hold', async () => {
    const someone = await somebodyProtected(house);
    const { person, browser, secret } = someone;
    await guessWrong(house, someone, 10);
    house.clock.advance(11 * MINUTE);
    await browser.post('/confirm', { password: person.password });
    for (let n = 0; n < 6; n++) {
      expect((await browser.post('/confirm/factor/totp', { code: appCode(house, secret) })).status).toBe(429);
    }
    house.clock.advance(5 * MINUTE);
    await stepUp(house, browser, person, secret);
  });
});
