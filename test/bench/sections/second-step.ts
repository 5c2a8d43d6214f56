import type { Section } from '../bench.ts';
import { withCommits } from '../proc.ts';
import { whereTimeGoes } from '../profile.ts';
import { lineOf, load, running } from '../target.ts';

// The second step alone: people whose password has passed already, so that no hash hides what a step costs.

const ALONE = 50;

export const secondStep: Section = async (bench) => {
  const seconds = Math.min(bench.seconds, 5);
  const each = Math.ceil(20_000 * (seconds + 1));
  const floor = bench.floor('grouped', { accounts: 2 * each, pendings: 2 * each, sessions: 0 });
  const product = await bench.product('second-step', {
    accounts: each,
    pendings: each,
    sessions: 0,
    browsers: each,
  });

  const floorRun = (from: number) =>
    running(floor, (server) => load(floor, server, seconds, { story: 'secondStep', from, to: from + each }));
  const before = await floorRun(0);
  const { alone, together } = await running(product, async (server) => {
    const counted = (from: number, to: number, connections: number, length: number) =>
      withCommits(product.database, () =>
        load(product, server, length, {
          story: 'secondStep',
          from,
          to,
          connections,
          warm: connections > 1 ? 1 : 0,
        }),
      );
    const alone = await counted(0, ALONE, 1, 30);
    return { alone, together: await counted(ALONE, each, 32, seconds) };
  });
  const after = await floorRun(each);

  bench.note(lineOf('grouped floor', before));
  bench.note(lineOf('ours', together));
  bench.note(lineOf('ours, one person at a time', alone));
  const shared = together.commits / together.told;
  bench.note(
    `at 32 at once a step takes part in two commits, and ${shared.toFixed(3)} are made for each step`,
  );
  bench.note('where the time of our second step goes:');
  const rest = { story: 'secondStep' as const, from: together.next, to: each };
  for (const line of await whereTimeGoes(product, bench.folder, rest)) bench.note(line);

  return [
    {
      what: 'second step alone (aim 0.5)',
      ours: together.perSecond,
      floor: [before.perSecond, after.perSecond],
      unit: '/s',
      atLeast: 0.25,
    },
    {
      what: 'commits a step makes, one person at a time',
      ours: alone.commits / alone.told,
      digits: 2,
      // Two, and now and then one of the background, such as the audit chain makes every second.
      atMost: 2.2,
    },
  ];
};
