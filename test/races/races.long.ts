import { afterAll, describe, expect, inject, test } from 'vitest';
import { systemRandom } from '../../src/kit/random.ts';
import { ManualClock } from '../kit/clock.ts';
import { openHouse } from '../kit/house.ts';
import { createDatabase } from '../kit/postgres.ts';
import { type ServerProcess, startServer } from '../kit/server-process.ts';
import { type Instance, instanceAt } from './instances.ts';
import { type Raced, runRace } from './run-races.ts';
import { RACES } from './single-use.ts';

const ROUNDS = 100;
const BASE_URL = 'http://localhost:3000';
const KEYS = JSON.stringify({
  active: 'race',
  keys: { race: Buffer.from(systemRandom.bytes(32)).toString('base64') },
});
const ENV = { BASE_URL, KEYS, ARGON2: 'm=64,t=1,p=1', SMS_DAILY_CAP: '1000000' };

const table: Raced[] = [];
afterAll(() => console.table(table));

/** Processes of their own on one database, and a house in this one that prepares each round. */
async function openSite(databaseUrl: string, processes: number) {
  const clock = new ManualClock(Date.now());
  const env = { ...ENV, DATABASE_URL: databaseUrl };
  const house = await openHouse({ clock, env });
  const servers: ServerProcess[] = [];
  const instances: Instance[] = [];
  for (let n = 0; n < processes; n++) {
    const server = await startServer(env);
    servers.push(server);
    instances.push(instanceAt(server.port, BASE_URL));
  }
  return {
    house,
    instances,
    tick: () => clock.advance(Date.now() - clock.now()),
    async close() {
      for (const server of servers) await server.remove();
      await house.close();
    },
  };
}

async function race(name: string, databaseUrl: string, processes: number): Promise<void> {
  const site = await openSite(databaseUrl, processes);
  try {
    for (const one of RACES) {
      const raced = await runRace(one, site.house, { ...site, where: name, rounds: ROUNDS }, site.tick);
      table.push(raced);
    }
  } finally {
    await site.close();
  }
  for (const { race: about, winners, wrong, faults } of table.filter(({ where }) => where === name))
    expect({ about, winners, wrong, faults }).toEqual({ about, winners: ROUNDS, wrong: 0, faults: 0 });
}

describe('nine things that may be used once, twenty at once, a hundred times', () => {
  test('two processes on one PostgreSQL', { timeout: 60 * 60_000 }, async () => {
    const database = await createDatabase(inject('postgresUrl'));
    await race('2 processes, PostgreSQL', database.url, 2);
    await database.drop();
  });

  test('one process on SQLite', { timeout: 60 * 60_000 }, async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const folder = mkdtempSync('/tmp/countersign-race-');
    await race('1 process, SQLite', `sqlite:${folder}/countersign.db`, 1);
    rmSync(folder, { recursive: true });
  });
});
