import { describe, test } from 'vitest';
import { sendMutated } from '../kit/attack-requests.ts';
import { ENGINES } from '../kit/house.ts';
import { sharedHouse } from '../kit/shared-house.ts';

describe.each(ENGINES)('R83: malformed requests, on %s', (engine) => {
  const house = sharedHouse({ engine });

  test('R83: tens of thousands of mutated requests, with another seed in every run', () =>
    sendMutated(house, engine === 'sqlite' ? 40_000 : 10_000));
});
