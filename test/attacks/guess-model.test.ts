import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Tx } from '../../src/database/open.ts';
import {
  clearGuesses,
  giveBackGuess,
  type Reservation,
  relieveHold,
  reserveGuess,
  settleRight,
  settleWrong,
} from '../../src/throttle/guess-budget.ts';
import { DAY, MINUTE, somebody } from '../kit/attack-kit.ts';
import { ENGINES } from '../kit/house.ts';
import { sharedHouse } from '../kit/shared-house.ts';

/** The whole budget in a few lines: what R11 says, one answer after another. */
class Model {
  block = 0;
  run = 0;
  holds = 0;
  heldUntil = 0;
  closed = false;
  relievedAt = -DAY;
  wrongs: number[] = [];

  ask(now: number): Reservation['kind'] {
    if (this.closed) return 'closed';
    return now < this.heldUntil ? 'held' : 'reserved';
  }

  wrong(now: number): void {
    this.block++;
    this.run++;
    this.wrongs.push(Math.floor(now / DAY));
    const month = this.wrongs.filter((day) => day > Math.floor(now / DAY) - 30).length;
    if (this.run >= 100 || month >= 200) this.closed = true;
    else if (this.block === 10) {
      this.heldUntil = now + Math.min(DAY, 15 * MINUTE * 2 ** this.holds++);
      this.block = 0;
    }
  }

  right(): void {
    Object.assign(this, { block: 0, run: 0, holds: 0, heldUntil: 0 });
  }

  relieve(now: number): void {
    if (now >= this.heldUntil || now - this.relievedAt < DAY) return;
    Object.assign(this, { heldUntil: 0, relievedAt: now });
  }
}

type Move =
  | { readonly kind: 'wrong'; readonly times: number }
  | { readonly kind: 'right' | 'replayed' | 'relieve' | 'recover' }
  | { readonly kind: 'wait'; readonly minutes: number };

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constant('wrong' as const), times: fc.integer({ min: 1, max: 25 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('right' as const, 'replayed' as const, 'relieve' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('recover' as const) }) },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      minutes: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 200, max: 3000 })),
    }),
  },
);

describe.each(ENGINES)('the guess budget against a model, on %s', (engine) => {
  const house = sharedHouse({ engine });

  const within = <T>(work: (tx: Tx) => Promise<T>) => house.app.database.transaction(work);

  test('R11: never more than ten wrong are looked at between holds, nor a hundred in a row, whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 4, maxLength: 40 }), async (moves) => {
        const { id } = await somebody(house);
        let model = new Model();
        let now = Date.UTC(2026, 4, 3);
        let sinceHold = 0;
        for (const step of moves) {
          if (step.kind === 'wait') now += step.minutes * MINUTE;
          else if (step.kind === 'relieve') {
            await within((tx) => relieveHold(tx, id, now));
            model.relieve(now);
          } else if (step.kind === 'recover') {
            await within((tx) => clearGuesses(tx, id));
            model = new Model();
            sinceHold = 0;
          } else {
            for (let n = 0; n < (step.kind === 'wrong' ? step.times : 1); n++) {
              const reservation = await within((tx) => reserveGuess(tx, id, now));
              expect(reservation.kind).toBe(model.ask(now));
              if (reservation.kind !== 'reserved') {
                sinceHold = 0;
                continue;
              }
              if (step.kind === 'right') {
                await within((tx) => settleRight(tx, id));
                model.right();
                sinceHold = 0;
              } else if (step.kind === 'replayed') await within((tx) => giveBackGuess(tx, id));
              else {
                await within((tx) => settleWrong(tx, id, now));
                model.wrong(now);
                expect(++sinceHold).toBeLessThanOrEqual(10);
                expect(model.run).toBeLessThanOrEqual(100);
              }
            }
          }
          if (model.ask(now) === 'held') sinceHold = 0;
        }
      }),
      { numRuns: engine === 'sqlite' ? 30 : 6 },
    );
  });

  test('R11: however reservations and answers are interleaved, the same limits hold', async () => {
    const turns = fc.array(fc.constantFrom('ask', 'ask', 'wrong', 'wrong', 'right', 'replayed'), {
      minLength: 10,
      maxLength: 150,
    });
    await fc.assert(
      fc.asyncProperty(turns, async (sequence) => {
        const { id } = await somebody(house);
        const now = Date.UTC(2026, 4, 3);
        let open = 0;
        let inRow = 0;
        let held = false;
        for (const turn of sequence) {
          if (turn === 'ask') {
            const { kind } = await within((tx) => reserveGuess(tx, id, now));
            if (kind === 'reserved') open++;
            expect(held && kind === 'reserved', 'a guess during a hold').toBe(false);
            continue;
          }
          if (open === 0) continue;
          open--;
          if (turn === 'wrong') {
            const { verdict } = await within((tx) => settleWrong(tx, id, now));
            inRow++;
            if (verdict) held = true;
            expect(inRow + open, 'wrong or undecided between two right ones').toBeLessThanOrEqual(10);
          } else if (turn === 'right') {
            await within((tx) => settleRight(tx, id));
            inRow = 0;
            held = false;
          } else await within((tx) => giveBackGuess(tx, id));
        }
      }),
      { numRuns: engine === 'sqlite' ? 30 : 6 },
    );
  });

  test('R60: a reservation that a crash left open counts as wrong', async () => {
    const { id } = await somebody(house);
    const now = Date.UTC(2026, 4, 3);
    for (let n = 0; n < 10; n++) {
      expect((await within((tx) => reserveGuess(tx, id, now))).kind).toBe('reserved');
    }
    expect((await within((tx) => reserveGuess(tx, id, now + 1_000))).kind).toBe('crowded');
    const held = await within((tx) => reserveGuess(tx, id, now + 11_000));
    expect(held.kind).toBe('held');
  });
});
