import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { DatabaseAway } from '../../src/database/database-away.ts';
import type { Database } from '../../src/database/open.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { createDatabase } from '../kit/postgres.ts';

// A database server that is stopped, or behind a network that swallows packets: no refusal, no answer (R84).

/** Long enough for a busy machine to answer, short enough to be waited for. */
const SHORT = { ping: 900, begin: 500, read: 700 };

let open: Set<Socket>;
/** What was said meanwhile; null while everything passes. */
let held: (() => void)[] | null;
let close: () => void;
let database: Database;

beforeEach(async () => {
  open = new Set();
  held = null;
  const target = new URL((await createDatabase(inject('postgresUrl'))).url);
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

test('a transaction that has begun may take longer, within the server’s own limit for a statement', async () => {
  await database.transaction(async (tx) => {
    await sql`select pg_sleep(1)`.execute(tx);
  });
});
