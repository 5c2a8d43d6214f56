import type { Section } from '../bench.ts';
import { whereTimeGoes } from '../profile.ts';
import { lineOf, load, type Run, running, type Target } from '../target.ts';

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

  bench.note(lineOf('floor check', before));
  bench.note(lineOf('our check', checks));
  bench.note(lineOf('our page', pages));
  bench.note('where the time of our page goes:');
  const lines = await whereTimeGoes(product, bench.folder, {
    story: 'page',
    from: 0,
    to: SESSIONS,
    again: true,
  });
  for (const line of lines) bench.note(line);

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
