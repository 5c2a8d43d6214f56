import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addProtectedPerson } from '../kit/people.ts';

describe.each(ENGINES)('on %s', (engine) => {
  let house: House;
  afterEach(() => house.close());

  test('R73: a record can be neither changed nor deleted', async () => {
    house = await openHouse({ engine });
    await addProtectedPerson(house);
    const { db } = house.app.database;
    await expect(sql`update audit_event set event = 'sign_out'`.execute(db)).rejects.toThrow('append-only');
    await expect(sql`delete from audit_event`.execute(db)).rejects.toThrow('append-only');
    const { count } = await db
      .selectFrom('audit_event')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(Number(count)).toBeGreaterThan(0);
  });
});
