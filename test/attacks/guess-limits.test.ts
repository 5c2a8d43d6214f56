import { describe, expect, test } from 'vitest';
import type { Tx } from '../../src/database/open.ts';
import {
  clearGuesses,
  guessState,
  reserveGuess,
  settleRight,
  settleWrong,
} from '../../src/throttle/guess-budget.ts';
import { DAY, MINUTE, SECOND, somebody } from '../kit/attack-kit.ts';
import { ENGINES } from '../kit/house.ts';
import { sharedHouse } from '../kit/shared-house.ts';

/** The edges of R11, one by one: what the model of guess-model.test.ts meets by luck alone. */
describe.each(ENGINES)('the edges of the guess budget, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const START = Date.UTC(2026, 4, 3);

  const within = <T>(work: (tx: Tx) => Promise<T>) => house.app.database.transaction(work);
  const ask = (id: string, now: number) => within((tx) => reserveGuess(tx, id, now));
  const wrong = (id: string, now: number) => within((tx) => settleWrong(tx, id, now));

  async function wrongOnes(id: string, count: number, now: number) {
    for (let n = 0; n < count; n++) {
      expect((await ask(id, now)).kind).toBe('reserved');
      await wrong(id, now);
    }
  }

  test('R11: a hold ends at its very moment, and is told until then', async () => {
    const { id } = await somebody(house);
    await wrongOnes(id, 10, START);
    const until = START + 15 * MINUTE;
    expect(await ask(id, until - 1)).toEqual({ kind: 'held', until, begins: false });
    expect(await guessState(house.app.database.db, id, until - 1)).toEqual({ kind: 'held', until });
    expect(await guessState(house.app.database.db, id, until)).toBe(null);
    expect((await ask(id, until)).kind).toBe('reserved');
  });

  test('R11: the two hundredth wrong one within thirty days closes typed codes, whatever lies between', async () => {
    const { id } = await somebody(house);
    const nine = async (day: number) => {
      await wrongOnes(id, 9, START + day * DAY);
      await ask(id, START + day * DAY);
      await within((tx) => settleRight(tx, id));
    };
    // 198 in 22 days; on the thirtieth day after the first, 189 of them count still.
    for (let day = 0; day < 22; day++) await nine(day);
    const past = START + 30 * DAY;
    await wrongOnes(id, 2, past);
    expect(await guessState(house.app.database.db, id, past)).toBe(null);
    // 191, and nine more.
    await ask(id, past);
    await within((tx) => settleRight(tx, id));
    await wrongOnes(id, 8, past);
    await ask(id, past);
    expect((await wrong(id, past)).verdict).toEqual({ kind: 'closed' });
    expect(await ask(id, past)).toEqual({ kind: 'closed', begins: false });
    await within((tx) => clearGuesses(tx, id));
    expect((await ask(id, past)).kind).toBe('reserved');
  });

  test('R11: a burst cannot overrun what is left of the month', async () => {
    const { id } = await somebody(house);
    await ask(id, START);
    await within((tx) => settleRight(tx, id));
    const { db } = house.app.database;
    await db
      .insertInto('guess_day')
      .values({ account_id: id, day: Math.floor(START / DAY), wrong: 197 })
      .execute();
    const kinds = [];
    for (let n = 0; n < 5; n++) kinds.push((await ask(id, START)).kind);
    expect(kinds).toEqual(['reserved', 'reserved', 'reserved', 'crowded', 'crowded']);
  });

  test('R59: only the first wrong one after a success says that somebody knows the password, with others undecided or not', async () => {
    const { id } = await somebody(house);
    for (let n = 0; n < 3; n++) await ask(id, START);
    expect((await wrong(id, START)).firstOfBurst).toBe(true);
    expect((await wrong(id, START)).firstOfBurst).toBe(false);
    expect((await wrong(id, START)).firstOfBurst).toBe(false);
    await ask(id, START);
    await within((tx) => settleRight(tx, id));
    await ask(id, START);
    expect((await wrong(id, START)).firstOfBurst).toBe(true);
    const nobody = await somebody(house);
    expect(await wrong(nobody.id, START)).toEqual({ verdict: null, firstOfBurst: false });
  });

  test('R11/R60: ten undecided ones crowd, and nothing is decided before the last of them is or ten seconds are over', async () => {
    const { id } = await somebody(house);
    for (let n = 0; n < 10; n++) await ask(id, START);
    expect(await ask(id, START)).toEqual({ kind: 'crowded' });
    for (let n = 0; n < 9; n++) expect((await wrong(id, START)).verdict).toBe(null);
    expect(await ask(id, START + 9 * SECOND)).toEqual({ kind: 'crowded' });
    const late = START + 10 * SECOND;
    expect(await ask(id, late)).toEqual({ kind: 'held', until: late + 15 * MINUTE, begins: true });
    expect(await ask(id, late)).toEqual({ kind: 'held', until: late + 15 * MINUTE, begins: false });
  });
});
