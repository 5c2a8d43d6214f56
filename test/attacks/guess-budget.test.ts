import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  answerRecovery,
  answerTotp,
  DAY,
  freshCode,
  guessWrong,
  guessWrongPatiently,
  HOUR,
  halfSignedIn,
  halfSignedInTimes,
  MINUTE,
  SECOND,
  seesAccount,
  somebodyProtected,
  textOf,
  tokenOf,
  wrongCode,
} from '../kit/attack-kit.ts';
import type { Browser } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { appCode, type Person, stepUp } from '../kit/people.ts';

const HELD = 'Sign-in codes are paused';
const CLOSED = 'Sign-in codes are closed';

describe.each(ENGINES)('guessing a code, on %s', (engine) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ engine });
  });
  afterAll(() => house.close());

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
    const { person, secret } = await somebodyProtected(house);
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
    const { person, secret } = await somebodyProtected(house);
    await guessWrong(house, person, secret, 10);
    const other = await house.twin();
    const held = await answerTotp(await halfSignedIn(other, person), appCode(house, secret));
    expect(held.status).toBe(429);
    house.clock.advance(15 * MINUTE - SECOND);
    const late = await answerTotp(await halfSignedIn(other, person), appCode(house, secret));
    expect([late.status, late.headers['retry-after']]).toEqual([429, '1']);
    house.clock.advance(SECOND);
    const over = await answerTotp(await halfSignedIn(house, person), appCode(house, secret));
    expect(over.location).toBe('/');
  });

  test('R11: signing in with the password again, or elsewhere, refills nothing; a right code does', async () => {
    const { person, secret } = await somebodyProtected(house);
    await guessWrong(house, person, secret, 9);
    await halfSignedInTimes(house, person, 3);
    const last = await halfSignedIn(house, person);
    await last.post('/sign-in/cancel');
    const right = await answerTotp(await halfSignedIn(house, person), freshCode(house, secret));
    expect(right.location).toBe('/');
    await guessWrong(house, person, secret, 9);
    const tenth = await answerTotp(await halfSignedIn(house, person), wrongCode(house, secret, 50));
    expect(tenth.status).toBe(422);
    expect((await answerTotp(await halfSignedIn(house, person), freshCode(house, secret))).status).toBe(429);
  });

  test('R11: the budget is shared with step-up, and with sign-ins in other browsers', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    for (let n = 0; n < 2; n++) {
      await browser.submit('/confirm', { password: person.password });
      for (let m = 0; m < 3; m++) {
        const wrong = await browser.post('/confirm/factor/totp', {
          code: wrongCode(house, secret, 3 * n + m),
        });
        expect(wrong.status).toBe(422);
      }
    }
    await guessWrong(house, person, secret, 4);
    await browser.submit('/confirm', { password: person.password });
    const held = await browser.post('/confirm/factor/totp', { code: freshCode(house, secret) });
    expect([held.status, Number(held.headers['retry-after']) > 0]).toEqual([429, true]);
    expect((await answerTotp(await halfSignedIn(house, person), appCode(house, secret))).status).toBe(429);
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

  test('R11: holds double from a quarter of an hour to a day; a hundred in a row close typed codes', async () => {
    const { person, secret, codes } = await somebodyProtected(house);
    const expected = [15, 30, 60, 120, 240, 480, 960, 1440, 1440];
    for (const minutes of expected) {
      await guessWrong(house, person, secret, 10);
      const held = await answerTotp(await halfSignedIn(house, person), wrongCode(house, secret));
      expect([held.status, held.headers['retry-after']]).toEqual([429, String(minutes * 60)]);
      house.clock.advance(minutes * MINUTE);
    }
    await guessWrong(house, person, secret, 10);
    const closed = await answerTotp(await halfSignedIn(house, person), freshCode(house, secret));
    expect(closed.status).toBe(429);
    expect(textOf(closed.body)).toContain('closed');
    house.clock.advance(40 * DAY);
    const still = await answerTotp(await halfSignedIn(house, person), appCode(house, secret));
    expect(still.status).toBe(429);
    expect((await subjects(person)).filter((subject) => subject === CLOSED)).toHaveLength(1);
    expect((await subjects(person)).filter((subject) => subject === HELD)).toHaveLength(9);

    // A8: neither does a mail reset open them; a recovery code does.
    const reset = await resetByMail(person, 'brisk-teal-heron-77');
    const after = await answerTotp(await halfSignedIn(house, reset), appCode(house, secret));
    expect(after.status).toBe(429);
    const recovered = await halfSignedIn(house, reset);
    expect((await answerRecovery(recovered, codes[0] as string)).location).toBe('/');
    expect((await answerTotp(await halfSignedIn(house, reset), freshCode(house, secret))).location).toBe('/');
  });

  test('A8: during a hold a recovery code signs in and clears the count', async () => {
    const { person, secret, codes } = await somebodyProtected(house);
    await guessWrong(house, person, secret, 10);
    const browser = await halfSignedIn(house, person);
    expect((await answerTotp(browser, appCode(house, secret))).status).toBe(429);
    expect((await answerRecovery(browser, codes[4] as string)).location).toBe('/');
    expect((await answerTotp(await halfSignedIn(house, person), freshCode(house, secret))).location).toBe(
      '/',
    );
    await guessWrong(house, person, secret, 9);
    expect((await answerTotp(await halfSignedIn(house, person), freshCode(house, secret))).location).toBe(
      '/',
    );
  });

  test('A8: a mail reset ends a running hold once a day and refills nothing', async () => {
    const { person, secret } = await somebodyProtected(house);
    await guessWrong(house, person, secret, 10);
    let now = await resetByMail(person, 'brisk-teal-heron-78');
    expect((await answerTotp(await halfSignedIn(house, now), freshCode(house, secret))).location).toBe('/');

    await guessWrong(house, now, secret, 10);
    now = await resetByMail(now, 'brisk-teal-heron-79');
    const again = await answerTotp(await halfSignedIn(house, now), freshCode(house, secret));
    expect(again.status, 'the second reset of a day ends no hold').toBe(429);
    house.clock.advance(DAY);
    await guessWrong(house, now, secret, 10);
    now = await resetByMail(now, 'brisk-teal-heron-80');
    // The hold is over, the row of wrong codes is not: 20 in a row now, so the next hold is longer.
    await guessWrong(house, now, secret, 10);
    const held = await answerTotp(await halfSignedIn(house, now), wrongCode(house, secret));
    expect(held.status).toBe(429);
    expect(Number(held.headers['retry-after'])).toBeGreaterThan(15 * 60);
  });

  test('R11: two hundred wrong in thirty days close typed codes, whatever successes lie between', async () => {
    const { person, secret } = await somebodyProtected(house);
    const start = house.clock.now();
    for (let wrong = 0; wrong < 200; wrong += 9) {
      await guessWrong(house, person, secret, Math.min(9, 200 - wrong));
      const browser = await halfSignedIn(house, person);
      const answer = await answerTotp(browser, freshCode(house, secret));
      expect(answer.location === '/', `after ${Math.min(200, wrong + 9)}`).toBe(wrong + 9 < 200);
      house.clock.advance(HOUR);
    }
    expect(house.clock.now() - start).toBeLessThan(29 * DAY);
    const closed = await answerTotp(await halfSignedIn(house, person), freshCode(house, secret));
    expect([closed.status, textOf(closed.body).includes('closed')]).toEqual([429, true]);
  });

  test('R11: the two hundred cannot be overrun by a burst', async () => {
    const { person, secret } = await somebodyProtected(house);
    for (let wrong = 0; wrong < 198; wrong += 9) {
      await guessWrong(house, person, secret, 9);
      await answerTotp(await halfSignedIn(house, person), freshCode(house, secret));
    }
    const browsers = await halfSignedInTimes(house, person, 9);
    const answers = await Promise.all(
      browsers.map((browser, n) => answerTotp(browser, wrongCode(house, secret, n))),
    );
    expect(answers.filter(({ status }) => status === 422).length).toBeLessThanOrEqual(2);
  });

  test('R11: wrong codes older than thirty days do not count against the two hundred', async () => {
    const { person, secret } = await somebodyProtected(house);
    for (let n = 0; n < 12; n++) {
      await guessWrong(house, person, secret, 9);
      expect((await answerTotp(await halfSignedIn(house, person), freshCode(house, secret))).location).toBe(
        '/',
      );
    }
    house.clock.advance(31 * DAY);
    for (let n = 0; n < 12; n++) {
      await guessWrong(house, person, secret, 9);
      expect((await answerTotp(await halfSignedIn(house, person), freshCode(house, secret))).location).toBe(
        '/',
      );
    }
  });

  test('R11: a replayed right code costs nothing, neither its sign-in nor the account', async () => {
    const { person, secret } = await somebodyProtected(house);
    const code = appCode(house, secret);
    expect((await answerTotp(await halfSignedIn(house, person), code)).location).toBe('/');
    const browser = await halfSignedIn(house, person);
    for (let n = 0; n < 12; n++) expect((await answerTotp(browser, code)).status).toBe(422);
    await guessWrong(house, person, secret, 9);
    expect((await answerTotp(browser, freshCode(house, secret))).location).toBe('/');
  });

  test('R11: guesses at recovery codes end a sign-in after five, and touch no budget of typed codes', async () => {
    const { person, secret } = await somebodyProtected(house);
    for (let round = 0; round < 3; round++) {
      const browser = await halfSignedIn(house, person);
      for (let n = 0; n < 5; n++) {
        expect((await answerRecovery(browser, `ABCD-EFGH-JKMN-PQR${n}`)).status).toBe(422);
      }
      expect((await answerRecovery(browser, 'ABCD-EFGH-JKMN-PQRS')).location).toBe('/sign-in');
    }
    expect((await answerTotp(await halfSignedIn(house, person), freshCode(house, secret))).location).toBe(
      '/',
    );
  });

  test('R59: wrong passwords never touch the budget of the second step', async () => {
    const { person, secret } = await somebodyProtected(house);
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
    expect((await answerTotp(await halfSignedIn(house, person), appCode(house, secret))).location).toBe('/');
  });

  test('A8/R11: disabling and enabling again is no way around a hold for whoever has only the password', async () => {
    const { person, secret } = await somebodyProtected(house);
    await guessWrongPatiently(house, person, secret, 20);
    const thief = await halfSignedIn(house, person);
    const off = await thief.post('/account/security/disable', { password: person.password });
    expect(off.location).toMatch(/^\/sign-in/);
    expect((await answerTotp(await halfSignedIn(house, person), appCode(house, secret))).status).toBe(429);
  });

  test('R11: a step-up in an open session is no way to guess on', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    await guessWrong(house, person, secret, 10);
    house.clock.advance(11 * MINUTE);
    await browser.submit('/confirm', { password: person.password });
    for (let n = 0; n < 6; n++) {
      expect((await browser.post('/confirm/factor/totp', { code: appCode(house, secret) })).status).toBe(429);
    }
    house.clock.advance(5 * MINUTE);
    await stepUp(house, browser, person, secret);
  });
});

type Move = 'wrong' | 'right' | 'replayed' | 'wait' | 'reset';

/** The budget in ten lines. */
class Model {
  block = 0;
  run = 0;
  month = 0;
  holds = 0;
  heldUntil = 0;
  closed = false;

  /** -> what the server must answer to a typed code */
  answer(move: 'wrong' | 'right' | 'replayed', now: number): 'in' | 'wrong' | 'held' {
    if (this.closed || now < this.heldUntil) return 'held';
    if (move === 'replayed') return 'wrong';
    if (move === 'right') {
      Object.assign(this, { block: 0, run: 0, holds: 0, heldUntil: 0 });
      return 'in';
    }
    this.block++;
    this.run++;
    this.month++;
    if (this.run >= 100 || this.month >= 200) this.closed = true;
    else if (this.block === 10) {
      this.heldUntil = now + Math.min(DAY, 15 * MINUTE * 2 ** this.holds++);
      this.block = 0;
    }
    return 'wrong';
  }
}

describe('R11: whatever the order of wrong, right and replayed codes, on sqlite', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.close());

  const moves = fc.array(
    fc.oneof(
      {
        weight: 12,
        arbitrary: fc.record({ kind: fc.constant<Move>('wrong'), times: fc.integer({ min: 1, max: 30 }) }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constantFrom<Move>('right', 'replayed', 'reset'),
          times: fc.constant(1),
        }),
      },
      {
        weight: 8,
        arbitrary: fc.record({ kind: fc.constant<Move>('wait'), times: fc.integer({ min: 1, max: 1500 }) }),
      },
    ),
    { minLength: 5, maxLength: 30 },
  );

  test('never more than ten wrong codes are looked at between holds, never more than a hundred in a row', async () => {
    await fc.assert(
      fc.asyncProperty(moves, async (sequence) => {
        const { person, secret } = await somebodyProtected(house);
        const model = new Model();
        let browser: Browser | null = null;
        let spent = appCode(house, secret, -1);
        let left = 5;
        let inRow = 0;
        let checked = 0;
        const first = house.clock.now();
        for (const { kind, times } of sequence) {
          if (kind === 'wait') house.clock.advance(times * MINUTE);
          if (house.clock.now() - first > 28 * DAY) break;
          if (kind === 'wait' || kind === 'reset') {
            // A new sign-in refills nothing.
            browser = null;
            continue;
          }
          for (let n = 0; n < times; n++) {
            if (kind === 'right') house.clock.advance(60 * SECOND);
            if (browser === null || left === 0) {
              browser = await halfSignedIn(house, person);
              left = 5;
            }
            const replayable = kind === 'replayed' && isInWindow(house, secret, spent);
            const move = kind === 'replayed' && !replayable ? 'wrong' : kind;
            const code =
              move === 'wrong'
                ? wrongCode(house, secret, n)
                : move === 'replayed'
                  ? spent
                  : appCode(house, secret);
            const expected = model.answer(move, house.clock.now());
            const answer = await answerTotp(browser, code);
            const seen = answer.status === 429 ? 'held' : answer.location === '/' ? 'in' : 'wrong';
            expect([seen, answer.status]).toEqual([expected, { in: 303, wrong: 422, held: 429 }[expected]]);
            if (seen === 'in') {
              spent = code;
              inRow = 0;
              checked = 0;
              browser = null;
            } else if (seen === 'wrong' && move === 'wrong') {
              left--;
              inRow++;
              checked++;
            } else if (seen === 'held') checked = 0;
            expect(checked).toBeLessThanOrEqual(10);
            expect(inRow).toBeLessThanOrEqual(100);
          }
        }
      }),
      { numRuns: 12 },
    );
  });
});

function isInWindow(house: House, secret: string, code: string): boolean {
  return [-1, 0, 1].some((steps) => appCode(house, secret, steps) === code);
}
