import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { systemRandom } from '../../src/kit/random.ts';
import { ManualClock } from '../kit/clock.ts';
import { type EngineName, openHouse } from '../kit/house.ts';
import { addPerson } from '../kit/people.ts';
import { createDatabase } from '../kit/postgres.ts';
import { startServer } from '../kit/server-process.ts';
import { compare, integrity, tryAgain } from './storm-check.ts';
import { StormClient } from './storm-client.ts';

export interface Stormed {
  readonly engine: EngineName;
  readonly clients: number;
  readonly kills: number;
  readonly acknowledged: number;
  /** Something was under way when the server was killed. */
  readonly underWay: number;
  /** Codes that were spent and typed once more. */
  readonly replays: number;
  readonly problems: readonly string[];
  /** Milliseconds from the start of the process to its first answer: in the middle, and at most. */
  readonly ready: { readonly median: number; readonly most: number };
  /** How many were busy with the processors on average, ours included: what `ready` is to be judged by. */
  readonly load: number;
  readonly seconds: number;
}

/** Moments are counted in answers: a busy machine gives few in a second. */
async function sleepUntilAnswered(crowd: readonly StormClient[], more: number): Promise<void> {
  const answered = () => crowd.reduce((sum, one) => sum + one.acknowledged, 0);
  const enough = answered() + more;
  for (let waited = 0; answered() < enough && waited < 10_000; waited += 5) await sleep(5);
}

/** Kills with SIGKILL at random moments, so many times, under so many clients, and looks each time at all that is left (A57). */
export async function crashStorm(engine: EngineName, clients: number, kills: number): Promise<Stormed> {
  const KEYS = JSON.stringify({
    active: 'a',
    keys: { a: Buffer.from(systemRandom.bytes(32)).toString('base64') },
  });
  const database = engine === 'postgres' ? await createDatabase(inject('postgresUrl')) : null;
  const env = { KEYS, ARGON2: 'm=64,t=1,p=1', ...(database && { DATABASE_URL: database.url }) };
  let server = await startServer(env);
  const DATABASE_URL = database?.url ?? `sqlite:${server.dataDir}/countersign.db`;
  const house = await openHouse({ clock: new ManualClock(Date.now()), env: { ...env, DATABASE_URL } });
  const start = performance.now();
  const problems: string[] = [];
  const times: number[] = [];
  let [underWay, replays, load] = [0, 0, 0];
  const crowd: StormClient[] = [];
  try {
    for (let n = 0; n < clients; n++)
      crowd.push(new StormClient(await addPerson(house, { email: `crowd${n}@example.org` }), server.url));
    // Half of them have a second step, and a code that is spent, before the first kill: few get that far in a short storm.
    await Promise.all(crowd.filter((_, n) => n % 2 === 0).map((client) => client.begin()));
    for (let kill = 0; kill < kills; kill++) {
      let stopped = false;
      const running = Promise.all(crowd.map((client) => client.run(() => stopped)));
      await sleepUntilAnswered(crowd, Math.random() * clients);
      await sleep(Math.random() * 40);
      await server.kill();
      stopped = true;
      await running;
      underWay += crowd.filter(({ flight }) => flight !== null).length;
      const begun = performance.now();
      server = await server.restart();
      times.push(performance.now() - begun);
      load += (loadavg()[0] as number) / kills;
      const state = await integrity(house);
      if (state !== 'ok') problems.push(`integrity_check: ${state}`);
      for (const client of crowd) problems.push(...(await compare(house, client)));
      // Those who have something that is spent, a few each time.
      const spenders = crowd.filter(({ known }) => known.secret !== null);
      for (const client of spenders.sort(() => Math.random() - 0.5).slice(0, 3)) {
        const { tried, found } = await tryAgain(server.url, client);
        problems.push(...found);
        replays += tried;
      }
      if (problems.length > 20) break;
    }
    for (const { faults } of crowd) problems.push(...faults);
  } finally {
    await house.close();
    await server.remove();
    await database?.drop();
  }
  times.sort((a, b) => a - b);
  return {
    engine,
    clients,
    kills,
    acknowledged: crowd.reduce((sum, one) => sum + one.acknowledged, 0),
    underWay,
    replays,
    problems,
    ready: { median: Math.round(times[times.length >> 1] ?? 0), most: Math.round(times.at(-1) ?? 0) },
    load: Math.round(load * 10) / 10,
    seconds: Math.round((performance.now() - start) / 1000),
  };
}
