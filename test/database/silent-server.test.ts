import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { DatabaseAway } from '../../src/database/database-away.ts';
import { lockSchema, migrate } from '../../src/database/migrate.ts';
import type { Database } from '../../src/database/open.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { withoutLimit } from '../../src/database/without-limit.ts';
import { pause } from '../../src/kit/pause.ts';
import { createDatabase } from '../kit/postgres.ts';

// A database server that is stopped, or behind a network that swallows packets: no refusal, no answer (R84).

/** Long enough for a busy machine to answer, short enough to be waited for. */
const SHORT = { ping: 900, begin: 500, statement: 700 };

let open: Set<Socket>;
/** What was said meanwhile; null while everything passes. */
let held: (() => void)[] | null;
let close: () => void;
let url: string;
let database: Database;

beforeEach(async () => {
  open = new Set();
  held = null;
  url = (await createDatabase(inject('postgresUrl'))).url;
  const target = new URL(url);
  const port = Number(target.port || 5432);
  const line = createServer((near) => {
    const far = connect(port, target.hostname);
    passOn(near, far);
    passOn(far, near);
  });
  line.listen(0, '127.0.0.1');
  await once(line, 'listening');
  close = () => {
    for (const socket of open) socket.destroy();
    line.close();
  };
  const through = new URL(target);
  through.hostname = '127.0.0.1';
  through.port = String((line.address() as AddressInfo).port);
  database = openPostgres(through.href, { poolSize: 2, silence: SHORT });
  await Promise.all([ask(), ask()]);
});
afterEach(async () => {
  close();
  await database.close();
});

function passOn(from: Socket, to: Socket): void {
  open.add(from);
  from.on('error', () => {});
  from.on('close', () => to.destroy());
  from.on('data', (bytes) => (held ? held.push(() => to.write(bytes)) : to.write(bytes)));
}

function hush(): void {
  held = [];
}

function speak(): void {
  const late = held ?? [];
  held = null;
  for (const say of late) say();
}

const ask = () => sql`select 1`.execute(database.db);

test('R84: who asks is told that it is away, in time, however many there are; and it is asked again when it is back', async () => {
  hush();
  const begun = performance.now();
  await expect(database.ping()).rejects.toThrow(DatabaseAway);
  expect(performance.now() - begun).toBeLessThan(4_000);
  await expect(ask()).rejects.toThrow(DatabaseAway);
  let ran = false;
  const work = async () => {
    ran = true;
  };
  await expect(database.transaction(work)).rejects.toThrow(DatabaseAway);
  expect(ran).toBe(false);

  speak();
  await database.ping();
  await Promise.all([ask(), ask(), ask()]);
  await database.transaction(work);
  expect(ran).toBe(true);
});

test('R84: what an answer that came late belonged to gets no other one: its connection is given up', async () => {
  hush();
  await expect(ask()).rejects.toThrow(DatabaseAway);
  speak();
  const { rows } = await sql<{ two: number }>`select 2 as two`.execute(database.db);
  expect(rows).toEqual([{ two: 2 }]);
});

test('R84: a server that falls silent in the middle of a transaction holds nobody up, and what it did is not done', async () => {
  await sql`create table kept (word text)`.execute(database.db);
  const begun = performance.now();
  const writing = database.transaction(async (tx) => {
    await sql`insert into kept values ('first')`.execute(tx);
    hush();
    await sql`insert into kept values ('second')`.execute(tx);
  });
  await expect(writing).rejects.toThrow(DatabaseAway);
  expect(performance.now() - begun).toBeLessThan(4_000);

  speak();
  const { rows } = await sql`select word from kept`.execute(database.db);
  expect(rows).toEqual([]);
  await database.transaction((tx) => sql`insert into kept values ('third')`.execute(tx));
});

test('a transaction without limit may take longer than the server lets others, and the next one may not', async () => {
  await database.transaction(async (tx) => {
    await withoutLimit(tx);
    await sql`select pg_sleep(1)`.execute(tx);
  });
  const next = database.transaction((tx) => sql`select pg_sleep(1)`.execute(tx));
  await expect(next).rejects.toThrow(DatabaseAway);
});

test('R84: who migrates is waited for, however long it takes', async () => {
  const other = openPostgres(url, {});
  let migrated = false;
  const waiting = other.transaction(async (tx) => {
    await lockSchema.execute(tx);
    await pause(1_200);
    expect(migrated).toBe(false);
  });
  await pause(100);
  await migrate(database, { now: () => 0 }).then(() => {
    migrated = true;
  });
  await waiting;
  await other.close();
  expect(migrated).toBe(true);
});
