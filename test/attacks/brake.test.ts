import { beforeEach, describe, expect, test } from 'vitest';
import type { Tx } from '../../src/database/open.ts';
import {
  forgetTries,
  giveBackTry,
  reserveTry,
  settleRightTry,
  settleWrongTry,
  spendTry,
  tooManyTries,
} from '../../src/throttle/brake.ts';
import type { Brake } from '../../src/throttle/brakes.ts';
import { HOUR, MINUTE, SECOND } from '../kit/attack-kit.ts';
import { ENGINES } from '../kit/house.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const THREE: Brake = { free: 3, firstWait: 30 * SECOND, longestWait: 2 * MINUTE, forgetAfter: HOUR };

/** The brake itself, at its edges (R57, R59, R60). */
describe.each(ENGINES)('a brake, on %s', (engine) => {
  const house = sharedHouse({ engine });
  let key = '';
  let count = 0;
  beforeEach(() => {
    key = `brake/${++count}/`;
  });

  const now = () => house.clock.now();
  const within = <T>(work: (tx: Tx) => Promise<T>) => house.app.deps.database.transaction(work);
  const reserve = () => within((tx) => reserveTry(tx, key, THREE, now()));
  const wrong = () => within((tx) => settleWrongTry(tx, key, THREE, now()));
  const wrongly = async () => {
    expect(await reserve()).toEqual({ kind: 'taken' });
    return wrong();
  };

  test('R59: waits begin with the last free try, double to the longest and end at their very moment', async () => {
    expect([await wrongly(), await wrongly(), await wrongly()]).toEqual([false, false, true]);
    for (const wait of [30, 60, 120, 120]) {
      expect(await reserve()).toEqual({ kind: 'wait', ms: wait * SECOND });
      house.clock.advance(wait * SECOND - 1);
      expect(await reserve()).toEqual({ kind: 'wait', ms: 1 });
      house.clock.advance(1);
      expect(await wrongly()).toBe(true);
    }
  });

  test('R60: what is reserved counts before it is decided; only its settling makes room', async () => {
    for (let n = 0; n < 3; n++) expect(await reserve()).toEqual({ kind: 'taken' });
    expect(await reserve()).toEqual({ kind: 'crowded' });
    await within((tx) => settleRightTry(tx, key));
    // Two others are still under way.
    expect(await reserve()).toEqual({ kind: 'taken' });
    expect(await reserve()).toEqual({ kind: 'crowded' });
    await within((tx) => giveBackTry(tx, key));
    expect(await reserve()).toEqual({ kind: 'taken' });
    expect(await reserve()).toEqual({ kind: 'crowded' });
  });

  test('R60: reservations that a crash left are waited for half a minute, and stay counted', async () => {
    for (let n = 0; n < 3; n++) await reserve();
    house.clock.advance(30 * SECOND);
    expect(await reserve()).toEqual({ kind: 'crowded' });
    expect(await reserve()).toEqual({ kind: 'crowded' });
    house.clock.advance(1);
    // Whoever finds them gives up waiting; after that one try at a time, as after wrong ones.
    expect(await reserve()).toEqual({ kind: 'crowded' });
    expect(await reserve()).toEqual({ kind: 'taken' });
    expect(await reserve()).toEqual({ kind: 'crowded' });
    expect(await wrong()).toBe(true);
    expect(await reserve()).toMatchObject({ kind: 'wait' });
  });

  test('what lies longer behind than the brake remembers is forgotten, and nothing before', async () => {
    await wrongly();
    await wrongly();
    house.clock.advance(HOUR);
    expect(await wrongly()).toBe(true);
    house.clock.advance(HOUR + 1);
    expect(await wrongly()).toBe(false);
  });

  test('R45: uses that are neither right nor wrong are spent one after another', async () => {
    const spend = () => within((tx) => spendTry(tx, key, THREE, now()));
    expect([await spend(), await spend(), await spend()]).toEqual([0, 0, 0]);
    expect(await spend()).toBe(30 * SECOND);
    await within((tx) => forgetTries(tx, key));
    for (let n = 0; n < 3; n++) await reserve();
    // Somebody else's are under way: nobody can say yet.
    expect(await spend()).toBe(THREE.firstWait);
  });

  test('unlocking forgets the keys that begin so, and no other', async () => {
    const others = [`${key}a`, `${key}b/c`];
    const stranger = `${key.slice(0, -1)}0/a`;
    for (const one of [...others, stranger])
      for (let n = 0; n < 3; n++) await within((tx) => reserveTry(tx, one, THREE, now()));
    await within((tx) => forgetTries(tx, key));
    for (const one of others)
      expect(await within((tx) => reserveTry(tx, one, THREE, now()))).toEqual({ kind: 'taken' });
    expect(await within((tx) => reserveTry(tx, stranger, THREE, now()))).toEqual({ kind: 'crowded' });
  });

  test('settling what nobody reserved changes nothing', async () => {
    expect(await wrong()).toBe(false);
    await within((tx) => settleRightTry(tx, key));
    await within((tx) => giveBackTry(tx, key));
    expect(await reserve()).toEqual({ kind: 'taken' });
    await within((tx) => settleRightTry(tx, key));
    await within((tx) => giveBackTry(tx, key));
    for (let n = 0; n < 3; n++) expect(await reserve()).toEqual({ kind: 'taken' });
    expect(await reserve()).toEqual({ kind: 'crowded' });
  });

  test('who is told to wait is told for how long, in whole seconds', () => {
    expect(tooManyTries({ kind: 'wait', ms: 1_001 })).toMatchObject({ detail: { retryAfter: 2 } });
    expect(tooManyTries({ kind: 'crowded' })).toMatchObject({ detail: { retryAfter: 1 } });
    expect(tooManyTries(null)).toMatchObject({ code: 'too_many_attempts', detail: { retryAfter: 1 } });
  });
});
