import type { Section } from '../bench.ts';
import { commitsOf, cpuOf } from '../proc.ts';
import { whereTimeGoes } from '../profile.ts';
import { load, running } from '../target.ts';

// The second step alone: people whose password has passed already, so that no hash hides what a step costs.

const ALONE = 50;

export const secondStep: Section = async (bench) => {
  const seconds = Math.min(bench.seconds, 5);
  const each = Math.ceil(20_000 * (seconds + 1));
  const floor = bench.floor('grouped', { accounts: 2 * each, pendings: 2 * each, sessions: 0 });
  const product = await bench.product('second-step', { accounts: each, pendings: each, sessions: 0 });

  const floorRun = (from: number) =>
    running(floor, (server) => load(floor, server, seconds, { story: 'secondStep', from, to: from + each }));
  const before = await floorRun(0);
  const ours = await running(product, async (server) => {
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
    const start = cpuOf(server.pid);
    const together = await counted(ALONE, each, 32, seconds);
    const end = cpuOf(server.pid);
    const steps = together.next - ALONE;
    const used = { user: (end.user - start.user) / steps, system: (end.system - start.system) / steps };
    return { ...together, steps, used, commitsAlone: alone.commits / ALONE, alone: alone.times.story!.p50 };
  });
  const after = await floorRun(each);

  const { p50, p95, p99 } = ours.times.story!;
  bench.note(
    `ours at 32 at once: p50 ${p50.toFixed(1)} p95 ${p95.toFixed(1)} p99 ${p99.toFixed(1)} ms; load ${Math.round(ours.ownCpu * 100)} % of a core`,
  );
  bench.note(`ours alone: p50 ${ours.alone.toFixed(2)} ms, ${ours.commitsAlone.toFixed(2)} commits a step`);
  bench.note(
    `ours at 32 at once: ${(ours.commits / ours.steps).toFixed(3)} commits a step, each step still answered after its own two`,
  );
  const micro = (part: number) => `${Math.round(part * 1e6)} µs`;
  bench.note(
    `server CPU a step: ${micro(ours.used.user)} user, ${micro(ours.used.system)} system; wall ${micro(1 / ours.perSecond)}`,
  );
  for (const line of await whereTimeGoes(product, bench.folder, ours.next, each)) bench.note(line);

  return [
    {
      what: 'second step alone (aim 0.5)',
      ours: ours.perSecond,
      floor: [before.perSecond, after.perSecond],
      unit: '/s',
      atLeast: 0.25,
    },
    { what: 'commits a step makes, one person at a time', ours: ours.commitsAlone, digits: 2, atMost: 2 },
  ];
};

async function withCommits<T>(database: string, work: () => Promise<T>): Promise<T & { commits: number }> {
  const start = commitsOf(database);
  const result = await work();
  return { ...result, commits: commitsOf(database) - start };
}
