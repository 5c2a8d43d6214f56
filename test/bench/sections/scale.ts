import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { npmStart } from '../../kit/npm-start.ts';
import { startOwnServer } from '../../kit/postgres-server.ts';
import { type Bench, measure, type Section } from '../bench.ts';
import { copyToPostgres } from '../copy-to-postgres.ts';
import type { Load } from '../load.ts';
import { launch, type Server } from '../servers.ts';
import type { Row } from '../table.ts';
import { load, type Run, type Target } from '../target.ts';

// The same work through HTTP on each way to run it: SQLite, one and two instances on a PostgreSQL that syncs, at 1, 8 and 32
// people at once, in houses of three sizes. All of it on the cores of one machine, load and database included: a second
// instance brings another machine's cores elsewhere, and here shows what it costs.

const AT_ONCE = [1, 8, 32];
/** Whoever has signed in can't with the same code: after this they have another. */
const NEW_CODES_MS = 61_000;

export const scale: Section = async (bench) => {
  const raw = await measure<{ perSecond: number }>('raw-argon.ts', bench.seconds);
  const postgres = await startOwnServer({ durableIn: bench.folder });
  const rows: Row[] = [];
  try {
    const sizes = [...new Set([1_000, Math.min(100_000, bench.accounts), bench.accounts])];
    for (const accounts of sizes) {
      const sessions = Math.min(accounts, 1_000);
      const people = { accounts, pendings: 0, sessions, browsers: accounts };
      const target = await bench.product(`scale-${accounts}`, people);
      const url = await databaseFor(postgres.url, `bench_${accounts}`);
      await copyToPostgres(target.database, url);
      const onPostgres = withPostgres(target, url);
      rows.push(...(await ways(bench, accounts, { target, onPostgres }, raw.perSecond)));
    }
  } finally {
    await postgres.stop();
  }
  return rows;
};

async function databaseFor(url: string, name: string): Promise<string> {
  const { default: pg } = await import('pg');
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/** The same house with the same keys, in the other database. */
function withPostgres(target: Target, url: string): Target {
  const dataDir = dirname(target.database);
  return {
    ...target,
    start: (flags = []) =>
      launch({
        argv: [...flags, ...npmStart()],
        env: { DATA_DIR: dataDir, DATABASE_URL: url },
        path: '/sign-in',
        log: `${dataDir}/postgres-server.log`,
      }),
  };
}

async function ways(
  bench: Bench,
  accounts: number,
  { target, onPostgres }: { target: Target; onPostgres: Target },
  raw: number,
): Promise<Row[]> {
  const all: [name: string, of: Target, instances: number][] = [
    ['SQLite', target, 1],
    ['PostgreSQL', onPostgres, 1],
    ['PostgreSQL, two instances', onPostgres, 2],
  ];
  const rows: Row[] = [];
  for (const [name, of, instances] of all) {
    const servers = await Promise.all(Array.from({ length: instances }, () => of.start()));
    try {
      const signers = share(accounts);
      if (instances === 2) await sleep(NEW_CODES_MS);
      for (const atOnce of AT_ONCE) {
        const what = `${accounts} accounts, ${name}, ${atOnce} at once`;
        const signIn = await crowd(bench, of, servers, atOnce, { story: 'signIn', ...signers[atOnce]! });
        const limit = atOnce === 32 ? { floor: [raw], atLeast: LEAST[name]! } : {};
        rows.push({ what: `sign-in: ${what}`, ours: signIn.perSecond, digits: 1, unit: '/s', ...limit });
        const page = await crowd(bench, of, servers, atOnce, {
          story: 'page',
          from: 0,
          to: Math.min(accounts, 1_000),
          again: true,
        });
        rows.push({ what: `page: ${what}`, ours: page.perSecond, unit: '/s' });
        bench.note(
          `${what}: second step p50 ${signIn.p50.toFixed(2)} ms, page p50 ${page.p50.toFixed(2)} ms`,
        );
      }
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  }
  return rows;
}

/** Of what the cores can hash; PostgreSQL and its syncs want some of them too. */
const LEAST: Record<string, number> = { SQLite: 0.85, PostgreSQL: 0.7, 'PostgreSQL, two instances': 0.6 };

/** Nobody signs in twice: each crowd has people of its own. */
function share(accounts: number): Record<number, { from: number; to: number }> {
  const [one, eight] = [Math.floor(accounts * 0.2), Math.floor(accounts * 0.6)];
  return { 1: { from: 0, to: one }, 8: { from: one, to: eight }, 32: { from: eight, to: accounts } };
}

/** As a balancer spreads them. */
async function crowd(
  { seconds }: Bench,
  target: Target,
  servers: readonly Server[],
  atOnce: number,
  run: Run & { from: number; to: number },
): Promise<{ perSecond: number; p50: number }> {
  const used = servers.slice(0, atOnce);
  const part = Math.floor((run.to - run.from) / used.length);
  const loads: Load[] = await Promise.all(
    used.map((server, index) =>
      load(target, server, seconds, {
        ...run,
        from: run.from + index * part,
        to: run.from + (index + 1) * part,
        connections: Math.ceil(atOnce / used.length),
      }),
    ),
  );
  const label = run.story === 'page' ? 'page' : 'second step';
  const p50s = loads.map(({ times }) => times[label]?.p50 ?? Number.NaN);
  return {
    perSecond: loads.reduce((sum, { perSecond }) => sum + perSecond, 0),
    p50: p50s.reduce((sum, p50) => sum + p50, 0) / p50s.length,
  };
}
