import { describe, expect, test } from 'vitest';
import { MINUTE } from '../kit/attack-kit.ts';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES } from '../kit/house.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';
import { instanceIn } from './instances.ts';
import { runRace } from './run-races.ts';
import { RACES } from './single-use.ts';

describe.each(ENGINES)('what may be used once, twenty at once, on %s', (engine) => {
  const house = sharedHouse({ engine, clock: new ManualClock(Date.now()) });
  const twin = sharedTwin(house);

  test.each(RACES)('R10/R26/R33/R43/R63: $name: one winner', async (race) => {
    const instances = [instanceIn(house), instanceIn(twin)];
    const raced = await runRace(race, house, { where: engine, instances, rounds: 1 });
    expect(raced).toMatchObject({ winners: 1, wrong: 0, faults: 0, requests: 20 });
    house.clock.advance(2 * MINUTE);
  });

  test('the race sees two winners where there are two', async () => {
    const always = { ...RACES[0], won: ({ status }: { status: number }) => status > 0 } as (typeof RACES)[0];
    const raced = await runRace(always, house, { where: engine, instances: [instanceIn(house)], rounds: 1 });
    expect(raced.wrong).toBe(1);
  });
});
