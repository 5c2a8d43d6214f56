import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type House, type HouseOptions, openHouse } from './house.ts';

/** One house for all tests of the `describe` that this is called in; nothing of it is there before its first hook. */
export function sharedHouse(options?: HouseOptions): House {
  const house = whenOpen(beforeAll, () => openHouse(options));
  afterAll(() => house.close());
  return house;
}

/** One for each of those tests, where they count what is in it or say who lives there. */
export function freshHouse(options?: HouseOptions): House {
  const house = whenOpen(beforeEach, () => openHouse(options));
  afterEach(() => house.close());
  return house;
}

/** Another process on the same database, for the same tests. It is closed together with the house. */
export function sharedTwin(house: House): House {
  return whenOpen(beforeAll, () => house.twin());
}

/** Stands for the house that the hook opens, so that tests and the functions beside them can share a constant. */
function whenOpen(before: typeof beforeAll | typeof beforeEach, open: () => Promise<House>): House {
  let opened: House | undefined;
  before(async () => {
    opened = await open();
  });
  return new Proxy({} as House, {
    get(_nothing, name) {
      if (!opened)
        throw new Error(`the house is not open yet: ${String(name)} belongs into a test or a hook`);
      return Reflect.get(opened, name);
    },
  });
}
