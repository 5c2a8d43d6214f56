import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EventFilter, followRecords } from '../../src/audit/follow-records.ts';
import { DAY } from '../../src/kit/clock.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { somebodyWaits } from '../kit/turns.ts';

const MANY = 60;
/** Of sixty records three slices of ten are looked at for one page. */
const REACH = { slice: 10, slices: 3 };

describe.each(ENGINES)('on %s', (engine) => {
  let house: House;
  /** The number of the first. */
  let first: number;
  const numberOf = (index: number) => first + index;
  const at = (index: number) => house.clock.now() - DAY * (MANY - index);

  beforeEach(async () => {
    house = await openHouse({ engine });
    const { db } = house.app.database;
    // A sign-in of Ann each day, and a group on day 5 and day 45.
    const rows = Array.from({ length: MANY }, (_, index) => ({
      at: at(index),
      event: index === 5 || index === 45 ? 'group.created' : 'sign_in.completed',
      outcome: 'success' as const,
      subject: index === 5 || index === 45 ? null : 'ann',
      detail: '{}',
    }));
    await db.insertInto('audit_event').values(rows).execute();
    const lowest = db.selectFrom('audit_event').select((eb) => eb.fn.min('seq').as('seq'));
    first = Number((await lowest.executeTakeFirstOrThrow()).seq);
  });
  afterEach(() => house.close());

  const follow = (filter: EventFilter, after = 0, count = 5) =>
    followRecords(house.app.database.db, filter, { after, count }, REACH);
  const found = async (...of: Parameters<typeof follow>) => {
    const { records, next } = await follow(...of);
    return { seqs: records.map(({ seq }) => seq), next };
  };

  test('what is rare is looked for in a part of the records at a time, and found by going on', async () => {
    const rare = { event: 'group.created' as const };
    expect(await found(rare)).toEqual({ seqs: [numberOf(5)], next: numberOf(29) });
    expect(await found(rare, numberOf(29))).toEqual({ seqs: [numberOf(45)], next: null });
    expect(await found({ event: 'group.removed' })).toEqual({ seqs: [], next: numberOf(29) });
  });

  test('what is frequent fills its pages, and no record is left out or told twice', async () => {
    const seqs: number[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const page: Awaited<ReturnType<typeof found>> = await found({ event: 'sign_in.completed' }, after, 7);
      if (page.next !== null) expect(page.seqs).toHaveLength(7);
      seqs.push(...page.seqs);
      after = page.next;
    }
    const all = Array.from({ length: MANY }, (_, index) => index).filter((one) => one !== 5 && one !== 45);
    expect(seqs).toEqual(all.map(numberOf));
  });

  test('since an instant: what is older is not gone through', async () => {
    const last = { seqs: [numberOf(58), numberOf(59)], next: null };
    expect(await found({ since: at(58) })).toEqual(last);
    expect(await found({ since: at(58) }, numberOf(58))).toEqual({ ...last, seqs: [numberOf(59)] });
    expect(await found({ since: at(45), event: 'group.created' })).toEqual({
      seqs: [numberOf(45)],
      next: null,
    });
    expect(await found({ since: at(MANY) + DAY })).toEqual({ seqs: [], next: null });
  });

  test('of one person, the index leads from one record to the next', async () => {
    const page = await found({ subject: 'ann' }, numberOf(3));
    expect(page).toEqual({ seqs: [4, 6, 7, 8, 9].map(numberOf), next: numberOf(9) });
    expect(await found({ subject: 'nobody' })).toEqual({ seqs: [], next: null });
  });

  test('others have their turn in between', async () => {
    const turns = somebodyWaits();
    await follow({ event: 'group.removed' });
    expect(turns()).toBe(1);
  });
});
