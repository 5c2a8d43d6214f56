import { sql } from 'kysely';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import type { Database, Db } from '../../src/database/open.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { prepared } from '../../src/database/prepared.ts';
import { createDatabase } from '../kit/postgres.ts';

// Statements that the server keeps by name on each connection, and what can be in their way (R84).

let database: Database;
let db: Db;

beforeEach(async () => {
  database = openPostgres((await createDatabase(inject('postgresUrl'))).url, { poolSize: 1 });
  db = database.db;
  await sql`create table policy_value (key text primary key, value text not null)`.execute(db);
  await sql`insert into policy_value values ('a', '1')`.execute(db);
});
afterEach(() => database.close());

const everything = prepared<{ key: string }>()((on, { key }) =>
  on.selectFrom('policy_value').selectAll().where('key', '=', key),
);
const change = prepared<{ key: string; value: string }>()((on, { key, value }) =>
  on.updateTable('policy_value').set({ value }).where('key', '=', key),
);

const kept = async () => {
  const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(db);
  return rows.map(({ statement }) => statement);
};

test('what is built once is read once by the server; what is built each time is not kept there', async () => {
  for (let time = 0; time < 3; time++) await everything(db, { key: 'a' });
  expect(await change.count(db, { key: 'a', value: '2' })).toBe(1);
  await db.selectFrom('policy_value').selectAll().where('value', '=', '2').execute();
  expect(await everything(db, { key: 'a' })).toEqual([{ key: 'a', value: '2' }]);
  const statements = await kept();
  expect(statements).toHaveLength(2);
  expect(statements.some((text) => /where "key" = \$1/.test(text))).toBe(true);
});

test('R84: a newer version changes a table, and this one goes on with what it asks, in a transaction and out of one', async () => {
  await everything(db, { key: 'a' });
  await sql`alter table policy_value add column note text`.execute(db);
  expect(await everything(db, { key: 'a' })).toEqual([{ key: 'a', value: '1', note: null }]);
  await everything(db, { key: 'a' });
  await sql`alter table policy_value add column other text`.execute(db);
  let tries = 0;
  const rows = await database.transaction(async (tx) => {
    tries++;
    await change.count(tx, { key: 'a', value: '3' });
    return everything(tx, { key: 'a' });
  });
  expect(rows).toEqual([{ key: 'a', value: '3', note: null, other: null }]);
  expect(tries).toBe(2);
  // And has a name again.
  await everything(db, { key: 'a' });
  expect((await kept()).filter((text) => text.startsWith('select'))).not.toEqual([]);
});

test('a pooler that hands out connections which know no names: nothing is seen of it, and soon none is used', async () => {
  for (let time = 0; time < 6; time++) {
    expect(await everything(db, { key: 'a' })).toHaveLength(1);
    const done = database.transaction((tx) => change.count(tx, { key: 'a', value: String(time) }));
    expect(await done).toBe(1);
    await sql`deallocate all`.execute(db);
  }
  expect(await everything(db, { key: 'a' })).toEqual([{ key: 'a', value: '5' }]);
  expect(await kept()).toEqual([]);
});

test('an error of the statement itself stays what it is', async () => {
  const insert = prepared<{ key: string }>()((on, { key }) =>
    on.insertInto('policy_value').values({ key, value: 'x' }),
  );
  await expect(insert(db, { key: 'a' })).rejects.toMatchObject({ code: '23505' });
  await expect(database.transaction((tx) => insert(tx, { key: 'a' }))).rejects.toMatchObject({
    code: '23505',
  });
  expect(await insert.count(db, { key: 'b' })).toBe(1);
});
