import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../kit/clock.ts';
import { migrate } from './migrate.ts';
import { type Database, openDatabase } from './open.ts';

let folder: string;
let here: Database;
let elsewhere: Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-version-'));
  const url = `sqlite:${join(folder, 'a.db')}`;
  here = openDatabase(url, { durable: false });
  await migrate(here, systemClock);
  elsewhere = openDatabase(url, { durable: false });
});
afterEach(async () => {
  await here.close();
  await elsewhere.close();
  rmSync(folder, { recursive: true });
});

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const row = (key: string) => ({ key, value: '1' });
const look = (database: Database) => database.db.selectFrom('policy_value').selectAll().execute();

/** The version as a request of the next turn finds it. */
async function version(): Promise<number | null> {
  await nextTurn();
  return here.version();
}

test('reads leave the version as it is, also those that another process makes', async () => {
  const before = await version();
  await look(here);
  await look(elsewhere);
  expect(before).not.toBeNull();
  expect(await version()).toBe(before);
});

test.each([
  ['a transaction', () => here.transaction((tx) => tx.insertInto('policy_value').values(row('a')).execute())],
  ['a single write', () => here.db.insertInto('policy_value').values(row('a')).execute()],
  [
    'a transaction of another process',
    () => elsewhere.transaction((tx) => tx.insertInto('policy_value').values(row('a')).execute()),
  ],
  [
    'a single write of another process',
    () => elsewhere.db.insertInto('policy_value').values(row('a')).execute(),
  ],
])('it changes with %s', async (_what, write) => {
  const before = await version();
  await write();
  const after = await version();
  expect(after).not.toBeNull();
  expect(after).not.toBe(before);
});

test('nobody is told one while a transaction is open', async () => {
  let during: number | null = 0;
  await here.transaction(async (tx) => {
    await tx.insertInto('policy_value').values(row('a')).execute();
    during = here.version();
  });
  expect(during).toBeNull();
});
