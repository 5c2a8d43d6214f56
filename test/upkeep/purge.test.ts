import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY } from '../../src/kit/clock.ts';
import { purge } from '../../src/upkeep/purge.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addPerson } from '../kit/people.ts';

/** More than one transaction removes and one look passes. */
const MANY = 2_500;

const numbers = Array.from({ length: MANY }, (_, index) => index);
/** Not in the order of its number, as hashes are. */
const nameOf = (index: number) => `${(index * 7919) % MANY}`.padStart(4, '0');
const inParts = <T>(all: T[]) =>
  Array.from({ length: Math.ceil(all.length / 500) }, (_, part) => all.slice(part * 500, part * 500 + 500));

describe.each(ENGINES)('on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  const challenges = async (isEnded: (index: number) => boolean) => {
    const { database, clock } = house.app.deps;
    const rows = numbers.map((index) => ({
      hash: nameOf(index),
      expires_at: clock.now() + (isEnded(index) ? 0 : 1),
    }));
    for (const part of inParts(rows)) await database.db.insertInto('spent_challenge').values(part).execute();
  };
  const left = async () =>
    (await house.app.database.db.selectFrom('spent_challenge').select('hash').execute()).length;

  test('all that ended goes, however much it is, and nothing else', async () => {
    await challenges((index) => index % 5 !== 0);
    await purge(house.app.deps);
    expect(await left()).toBe(MANY / 5);
  });

  test('all that ended goes where no index tells what that is: browsers of two people, each with one in use', async () => {
    const { deps, database } = house.app;
    const people = [await addPerson(house), await addPerson(house, { email: 'second@example.org' })];
    const now = deps.clock.now();
    const rows = numbers.flatMap((index) =>
      people.map(({ id }, which) => ({
        token_hash: nameOf(index),
        account_id: id,
        browser: '',
        network: '',
        created_at: 0,
        last_used_at: now - (index % 3 === which ? 399 : 400) * DAY,
      })),
    );
    for (const part of inParts(rows)) await database.db.insertInto('known_browser').values(part).execute();
    await purge(deps);
    const kept = await database.db.selectFrom('known_browser').selectAll().execute();
    const expected = rows.filter((row) => row.last_used_at > now - 400 * DAY);
    const key = (row: { token_hash: string; account_id: string }) => `${row.token_hash} ${row.account_id}`;
    expect(kept.map(key).sort()).toEqual(expected.map(key).sort());
    expect(kept.length).toBeGreaterThan(MANY / 2);
  });

  test('whom a rule was announced to is forgotten when it has held for days, and not before', async () => {
    const { database, clock } = house.app.deps;
    const { id: account_id } = await addPerson(house);
    const begins = { over: -3 * DAY, today: 0, coming: 14 * DAY };
    for (const [name, ahead] of Object.entries(begins)) {
      const group = { id: name, name, name_key: name, created_at: 0 };
      await database.db.insertInto('people_group').values(group).execute();
      const rule = { id: name, group_id: name, required_from_at: clock.now() + ahead, created_at: 0 };
      await database.db.insertInto('two_factor_rule').values(rule).execute();
      const told = { rule_id: name, account_id, day: 14, sent_at: 0 };
      await database.db.insertInto('reminder_sent').values(told).execute();
    }
    await purge(house.app.deps);
    const kept = await database.db.selectFrom('reminder_sent').select('rule_id').orderBy('rule_id').execute();
    expect(kept.map(({ rule_id }) => rule_id)).toEqual(['coming', 'today']);
  });

  test('others write meanwhile', async () => {
    await challenges(() => true);
    const purging = purge(house.app.deps);
    const seen: number[] = [];
    while (seen.at(-1) !== 0) {
      await house.app.database.transaction((tx) =>
        tx.updateTable('meta').set({ value: 'x' }).where('key', '=', 'nobody').execute(),
      );
      seen.push(await left());
    }
    await purging;
    expect(new Set(seen).size).toBeGreaterThan(4);
  });

  test('two that purge at once are not in each other’s way', async () => {
    await challenges(() => true);
    await Promise.all([purge(house.app.deps), purge(house.app.deps)]);
    expect(await left()).toBe(0);
  });
});
