import { afterAll, beforeAll, describe, test } from 'vitest';
import { sendMutated } from '../kit/attack-requests.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';

describe.each(ENGINES)('R83: malformed requests, on %s', (engine) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ engine });
  });
  afterAll(() => house.close());

  test('R83: tens of thousands of mutated requests, with another seed in every run', () =>
    sendMutated(house, engine === 'sqlite' ? 40_000 : 10_000));
});
