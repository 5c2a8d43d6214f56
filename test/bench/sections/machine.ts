import { measure, type Section } from '../bench.ts';
import { lineOf, load, running } from '../target.ts';

// What this machine can do at all. No limits: it helps to read the other sections.

export const machine: Section = async (bench) => {
  const { seconds } = bench;
  const commit = await measure<{ perSecond: number; p50: number; p99: number }>(
    'raw-commit.ts',
    `${bench.folder}/raw.db`,
    seconds,
  );
  const argon = await measure<{ perSecond: number }>('raw-argon.ts', seconds);
  bench.note(`one durable commit: p50 ${commit.p50.toFixed(2)} ms, p99 ${commit.p99.toFixed(2)} ms`);
  const each = Math.ceil(20_000 * (seconds + 1));
  const people = { accounts: each, pendings: each, sessions: 0 };
  const rows = [
    { what: 'durable commits, one after the other', ours: commit.perSecond, unit: '/s' },
    { what: 'argon2id hashes, all cores', ours: argon.perSecond, unit: '/s', digits: 1 },
  ];
  for (const mode of ['plain', 'grouped'] as const) {
    const floor = bench.floor(mode, people);
    const steps = await running(floor, (server) =>
      load(floor, server, seconds, { story: 'secondStep', from: 0, to: each }),
    );
    rows.push({
      what: `floor, ${mode} commits: second steps, 32 at once`,
      ours: steps.perSecond,
      unit: '/s',
    });
    bench.note(lineOf(`${mode} floor`, steps));
  }
  return rows;
};
