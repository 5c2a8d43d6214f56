import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Deps } from '../../src/deps.ts';
import { beginRun } from '../../src/import/store.ts';
import { DAY, HOUR, MINUTE } from '../../src/kit/clock.ts';
import { watchNearMisses } from '../../src/upkeep/clock-watch.ts';
import { purge } from '../../src/upkeep/purge.ts';
import { createUpkeep } from '../../src/upkeep/upkeep.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addProtectedPerson, appCode, enterPassword, isSignedIn } from '../kit/people.ts';

describe.each(ENGINES)('on %s', (engine) => {
  let house: House;
  afterEach(() => house.close());

  test('purging forgets what has ended and nothing that still counts', async () => {
    house = await openHouse({ engine });
    const { person, browser, secret, codes } = await addProtectedPerson(house);
    const half = house.browser();
    await enterPassword(half, person);
    await purge(house.app.deps);
    expect(await isSignedIn(browser)).toBe(true);
    expect((await half.post('/sign-in/factor/totp', { code: appCode(house, secret) })).status).toBe(303);

    house.clock.advance(2 * DAY);
    await purge(house.app.deps);
    const { db } = house.app.database;
    for (const table of [
      'session',
      'pending_sign_in',
      'factor_draft',
      'enrolment_pass',
      'throttle',
    ] as const) {
      expect(await db.selectFrom(table).selectAll().execute(), table).toEqual([]);
    }
    const again = house.browser();
    await enterPassword(again, person);
    expect((await again.post('/sign-in/factor/recovery-code', { code: codes[0] as string })).status).toBe(
      303,
    );
  });

  test('what could not be delivered is forgotten too, a month later', async () => {
    house = await openHouse({ engine });
    const { db } = house.app.database;
    const at = house.clock.now();
    const parcel = { channel: 'mail', kind: 'letter/sign-up', account_id: null, sealed: '' } as const;
    const failed = { created_at: at, due_at: at, failed_at: at, last_error: '550 no such person' };
    await db
      .insertInto('outbox')
      .values({ id: 'failed', ...parcel, ...failed })
      .execute();
    const left = async () => {
      await purge(house.app.deps);
      return (await db.selectFrom('outbox').select('id').where('id', '=', 'failed').execute()).length;
    };
    house.clock.advance(29 * DAY);
    expect(await left()).toBe(1);
    house.clock.advance(2 * DAY);
    expect(await left()).toBe(0);
  });

  test('the clock doctor warns the operator when three people are off by the same time, not for two', async () => {
    house = await openHouse({ engine });
    const people = [];
    for (const name of ['a', 'b', 'c']) {
      people.push(await addProtectedPerson(house, { email: `${name}@example.org` }));
    }
    house.clock.advance(10 * MINUTE);
    for (const [index, { person, secret }] of people.entries()) {
      const browser = house.browser();
      await enterPassword(browser, person);
      await browser.post('/sign-in/factor/totp', { code: appCode(house, secret, -6) });
      expect(await watchNearMisses(house.app.deps)).toEqual(index < 2 ? [] : [-6]);
    }
  });
});

test('a round that takes longer than an hour is not joined by the next one', async () => {
  const house = await openHouse();
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] });
  const { deps } = house.app;
  const clock = { now: () => 0 };
  // Nothing of the database is waited for: its steps fail at once, and are told of.
  const log = { ...deps.log, error: () => {}, warn: () => {} } as unknown as Deps['log'];
  const database = new Proxy({}, { get: () => undefined }) as Deps['database'];
  let [begun, end] = [0, () => {}];
  const long = () =>
    new Promise<void>((resolve) => {
      begun++;
      end = resolve;
    });
  const upkeep = createUpkeep({ ...deps, log, clock, database }, [long]);
  upkeep.start();
  try {
    await vi.advanceTimersByTimeAsync(3.5 * HOUR);
    expect(begun).toBe(1);
    end();
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(begun).toBe(2);
    end();
  } finally {
    upkeep.stop();
    vi.useRealTimers();
    await house.close();
  }
});

test('a step that fails every hour, such as a bucket that is away, does not keep the others from being done', async () => {
  const house = await openHouse();
  const { deps, database } = house.app;
  const told: unknown[] = [];
  const log = { ...deps.log, error: (...said: unknown[]) => told.push(said) } as unknown as Deps['log'];
  await database.transaction((tx) => beginRun(tx, 'abandoned', house.clock.now() - DAY));
  let next = 0;
  const upkeep = createUpkeep({ ...deps, log }, [
    () => Promise.reject(new Error('the bucket is away')),
    async () => void next++,
  ]);
  upkeep.start();
  try {
    const runs = () => database.db.selectFrom('import_run').select('id').execute();
    await vi.waitFor(async () => expect(await runs()).toEqual([]), 10_000);
    expect(next).toBe(1);
    expect(told).toEqual([
      [{ err: expect.objectContaining({ message: 'the bucket is away' }) }, expect.any(String)],
    ]);
  } finally {
    upkeep.stop();
    await house.close();
  }
});
