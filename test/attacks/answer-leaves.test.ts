import { describe, expect, test, vi } from 'vitest';
import {
  answerRecovery,
  answerTotp,
  DAY,
  guessWrong,
  halfSignedIn,
  planted,
  pseudonymOf,
  recordsOf,
  SECOND,
  somebodyProtected,
  wrongCode,
} from '../kit/attack-kit.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const SLOW = /clock is about 2 minutes slow/;
const FAST = /clock is about 2 minutes fast/;

/** What a wrong answer leaves behind, and what is said of it (R11, R72; screen 2). */
describe.each(ENGINES)('wrong answers, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const step = () => house.clock.advance(30 * SECOND);

  /** Codes of an app whose clock is off by so many steps, one each half minute; what is said of the last. */
  async function off(...steps: number[]): Promise<string> {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    let body = '';
    for (const by of steps) {
      step();
      const answer = await answerTotp(browser, appCode(house, secret, by));
      expect(answer.status).toBe(422);
      ({ body } = answer);
    }
    return body;
  }

  test('screen 2: twice off by the same time is a clock, slow or fast', async () => {
    expect(await off(-4)).not.toMatch(/clock is about/);
    expect(await off(-4, -4)).toMatch(SLOW);
    expect(await off(4, 4)).toMatch(FAST);
  });

  test('screen 2: off by different times are guesses, and so is the same code of a time to come typed twice', async () => {
    expect(await off(-4, -5)).not.toMatch(/clock is about/);
    expect(await off(4, -4)).not.toMatch(/clock is about/);
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const code = appCode(house, secret, 4);
    await answerTotp(browser, code);
    expect((await answerTotp(browser, code)).body).not.toMatch(/clock is about/);
    const between = await halfSignedIn(house, person);
    await answerTotp(between, appCode(house, secret, -4));
    await answerTotp(between, wrongCode(house, secret));
    expect((await answerTotp(between, appCode(house, secret, -4))).body).not.toMatch(/clock is about/);
    // Of an earlier time it tells a guesser nothing: it is never right again.
    const other = await halfSignedIn(house, person);
    const past = appCode(house, secret, -4);
    await answerTotp(other, past);
    expect((await answerTotp(other, past)).body).toMatch(SLOW);
  });

  test('R72: a failure says why: wrong, how far off, or used before', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    await answerTotp(browser, wrongCode(house, secret));
    await answerTotp(browser, appCode(house, secret, -4));
    const used = appCode(house, secret);
    await answerTotp(browser, used);
    await answerTotp(await halfSignedIn(house, person), used);
    const of = { event: 'sign_in.factor', method: 'totp', actor: await pseudonymOf(house, person) };
    const records = (await recordsOf(house, person)).filter(({ event }) => event === of.event);
    expect(records.map(({ outcome, method, actor }) => ({ outcome, method, actor }))).toEqual(
      ['failure', 'failure', 'success', 'failure'].map((outcome) => ({
        outcome,
        method: of.method,
        actor: of.actor,
      })),
    );
    const why = records.map(({ detail }) => detail && JSON.parse(detail as string));
    expect(why[0]).toEqual({ reason: 'wrong' });
    expect(why[1]).toEqual({ reason: 'wrong', near_miss: -4 });
    expect(why[3]).toEqual({ reason: 'replayed' });
  });

  test('R11: a hold says how long, in seconds, and its record that nobody did it', async () => {
    const owner = await planted(house);
    await guessWrong(house, owner, 10);
    const held = await answerTotp(await halfSignedIn(house, owner.person), wrongCode(house, owner.secret));
    expect(held.status).toBe(429);
    const seconds = Number(held.headers['retry-after']);
    expect(seconds).toBeGreaterThan(14 * 60);
    expect(seconds).toBeLessThanOrEqual(15 * 60);
    expect(await recordsOf(house, owner.person, 'codes.held')).toMatchObject([{ actor: 'system' }]);
  });

  test('R11: closed for good says to come back in a day, and its record that nobody did it', async () => {
    const owner = await planted(house);
    const { db } = house.app.database;
    await guessWrong(house, owner, 9);
    await db.updateTable('guess_budget').set({ run: 99 }).where('account_id', '=', owner.person.id).execute();
    const browser = await halfSignedIn(house, owner.person);
    await answerTotp(browser, wrongCode(house, owner.secret));
    const closed = await answerTotp(browser, appCode(house, owner.secret));
    expect(closed.status).toBe(429);
    expect(closed.headers['retry-after']).toBe(String(DAY / SECOND));
    expect(await recordsOf(house, owner.person, 'codes.closed')).toMatchObject([{ actor: 'system' }]);
  });

  test('R74: wrong codes at a sign-in are told by mail, those of the owner who confirms are not', async () => {
    const owner = await somebodyProtected(house);
    const about = async () =>
      (await house.mails(owner.person.email)).filter(
        ({ subject }) => subject === 'Someone knows your password',
      );
    await owner.browser.post('/confirm', { password: owner.person.password });
    for (let nth = 0; nth < 5; nth++)
      await owner.browser.post('/confirm/factor/totp', { code: wrongCode(house, owner.secret, nth) });
    expect(await about()).toEqual([]);
    const other = await planted(house);
    await guessWrong(house, other, 5);
    const told = (await house.mails(other.person.email)).filter(
      ({ subject }) => subject === 'Someone knows your password',
    );
    expect(told).toHaveLength(1);
  });

  test('A62: while this machine’s clock is off, an app’s code is refused without a look, and costs no try', async () => {
    const { person, secret, codes } = await planted(house);
    const { clockOffset } = house.app.deps;
    try {
      for (const ms of [5_001, -5_001]) {
        clockOffset.ms = ms;
        const browser = await halfSignedIn(house, person);
        for (let tries = 0; tries < 6; tries++) {
          const refused = await answerTotp(browser, appCode(house, secret));
          expect([refused.status, refused.headers['retry-after']]).toEqual([503, '60']);
        }
        expect((await answerRecovery(browser, codes[ms > 0 ? 0 : 1] as string)).location).toBe('/');
      }
      // As much as it may be off.
      clockOffset.ms = -5_000;
      const browser = await halfSignedIn(house, person);
      expect((await answerTotp(browser, appCode(house, secret))).location).toBe('/');
    } finally {
      clockOffset.ms = 0;
    }
  });

  test('contract: a running hold wins over everything: what it refuses costs no try', async () => {
    const owner = await planted(house);
    await guessWrong(house, owner, 10);
    const browser = await halfSignedIn(house, owner.person);
    for (let tries = 0; tries < 6; tries++)
      expect((await answerTotp(browser, appCode(house, owner.secret))).status).toBe(429);
    expect((await answerRecovery(browser, owner.codes[0] as string)).location).toBe('/');
  });

  test('R60: a code that waits in vain for others’ to be decided is told to come again in a second', async () => {
    const { person, secret } = await planted(house);
    // Ten reservations of a moment ago, which nobody answers; and a machine on which time flies.
    const values = { account_id: person.id, block: 10, run: 10, open: 10, reserved_at: house.clock.now() };
    await house.app.database.db.insertInto('guess_budget').values(values).execute();
    const browser = await halfSignedIn(house, person);
    let flown = performance.now();
    const time = vi.spyOn(performance, 'now').mockImplementation(() => {
      flown += SECOND;
      return flown;
    });
    const waited = await answerTotp(browser, appCode(house, secret));
    time.mockRestore();
    expect([waited.status, waited.headers['retry-after']]).toEqual([429, '1']);
    expect(await recordsOf(house, person, 'codes.held')).toEqual([]);
  });
});
