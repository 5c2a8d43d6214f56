import type { Section } from '../bench.ts';
import { load, type Run, running, type Target } from '../target.ts';

// What every request of a signed-in person pays: is this session alive, asked of the database each time.

const SESSIONS = 1000;

export const check: Section = async (bench) => {
  const people = { accounts: SESSIONS, pendings: 0, sessions: SESSIONS, codes: SESSIONS };
  const floor = bench.floor('plain', people);
  const product = await bench.product('check', people);

  const run = (target: Target, story: Run['story']) =>
    running(target, (server) =>
      load(target, server, bench.seconds, { story, from: 0, to: SESSIONS, again: true }),
    );
  const before = await run(floor, 'check');
  const checks = await run(product, 'check');
  const pages = await run(product, 'page');
  const after = await run(floor, 'check');
  const bare = await run(floor, 'page');

  const all = Object.entries({ 'floor check': before, 'our check': checks, 'our page': pages });
  for (const [name, { times, ownCpu }] of all) {
    const { p50, p95, p99 } = times.story!;
    const spread = `p50 ${p50.toFixed(2)} p95 ${p95.toFixed(2)} p99 ${p99.toFixed(2)} ms`;
    bench.note(`${name}: ${spread}; load ${Math.round(ownCpu * 100)} % of a core`);
  }
  const floors = [before.perSecond, after.perSecond];
  return [
    { what: 'session check', ours: checks.perSecond, floor: floors, unit: '/s', atLeast: 0.6 },
    {
      what: 'signed-in page against the check',
      ours: pages.perSecond,
      floor: floors,
      unit: '/s',
      atLeast: 0.3,
    },
    {
      what: "signed-in page against the floor's page",
      ours: pages.perSecond,
      floor: [bare.perSecond],
      unit: '/s',
    },
  ];
};
