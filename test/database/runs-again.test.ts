import { sql } from 'kysely';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { DatabaseAway } from '../../src/database/database-away.ts';
import { type Database, openDatabase, type Tx } from '../../src/database/open.ts';
import { createDatabase } from '../kit/postgres.ts';

// Two transactions that PostgreSQL can't both let through: it rolls one back, and ours runs it again (R81).

let database: Database;
let drop: () => Promise<void>;
beforeEach(async () => {
  const created = await createDatabase(inject('postgresUrl'));
  drop = created.drop;
  database = openDatabase(created.url);
  await sql`create table purse (name text primary key, coins int not null)`.execute(database.db);
  await sql`insert into purse values ('a', 0), ('b', 0)`.execute(database.db);
});
afterEach(async () => {
  await database.close();
  await drop();
});

const coins = async () =>
  (await sql<{ coins: number }>`select coins from purse order by name`.execute(database.db)).rows.map(
    (row) => row.coins,
  );
const add = (tx: Tx, name: string) =>
  sql`update purse set coins = coins + 1 where name = ${name}`.execute(tx);

/** Waits for the other one, the first time: the second run has nobody to meet. */
function meeting() {
  let here = 0;
  let open = () => {};
  const both = new Promise<void>((resolve) => {
    open = resolve;
  });
  return async () => {
    if (++here === 2) open();
    await both;
  };
}

test('R81: a deadlock: both are done in the end, and each of them once', async () => {
  const met = meeting();
  let runs = 0;
  const cross = (first: string, second: string) =>
    database.transaction(async (tx) => {
      runs++;
      await add(tx, first);
      await met();
      await add(tx, second);
    });
  await Promise.all([cross('a', 'b'), cross('b', 'a')]);
  expect(await coins()).toEqual([2, 2]);
  expect(runs).toBe(3);
});

test('R81: a serialization failure: neither write is lost', async () => {
  const met = meeting();
  let runs = 0;
  const readAndWrite = () =>
    database.transaction(async (tx) => {
      runs++;
      await sql`set transaction isolation level repeatable read`.execute(tx);
      const { rows } = await sql<{ coins: number }>`select coins from purse where name = 'a'`.execute(tx);
      await met();
      await sql`update purse set coins = ${(rows[0]?.coins ?? 0) + 1} where name = 'a'`.execute(tx);
    });
  await Promise.all([readAndWrite(), readAndWrite()]);
  expect(await coins()).toEqual([2, 0]);
  expect(runs).toBe(3);
});

test('R84: what fails so again and again is the database being away, after five runs, and leaves nothing', async () => {
  let runs = 0;
  const work = database.transaction(async (tx) => {
    runs++;
    await add(tx, 'a');
    await sql`do $$ begin raise exception 'again' using errcode = '40001'; end $$`.execute(tx);
  });
  await expect(work).rejects.toBeInstanceOf(DatabaseAway);
  expect(runs).toBe(5);
  expect(await coins()).toEqual([0, 0]);
});

test('what is wrong with the statement itself is not run again', async () => {
  let runs = 0;
  const work = database.transaction(async (tx) => {
    runs++;
    await sql`insert into purse values ('a', 1)`.execute(tx);
  });
  await expect(work).rejects.toMatchObject({ code: '23505' });
  expect(runs).toBe(1);
});
