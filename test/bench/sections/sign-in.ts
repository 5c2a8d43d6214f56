import { type Bench, measure, type Section } from '../bench.ts';
import { peakOf } from '../proc.ts';
import { whereTimeGoes } from '../profile.ts';
import { lineOf, load, type Measured, running, type Target } from '../target.ts';

// The whole way in, 32 people at once: hashing is the bulk, so all else must disappear beside it.

const WARM = 2;

export const signIn: Section = async (bench) => {
  const rawBefore = await rawRate(bench);
  const each = Math.ceil(rawBefore * (bench.seconds + WARM) * 1.5) + 100;
  const floor = bench.floor('plain', { accounts: 2 * each, pendings: 0, sessions: 0 });
  const product = await bench.product('sign-in', {
    accounts: 2 * each,
    pendings: 0,
    sessions: 0,
    browsers: 2 * each,
  });

  const before = await signInAll(bench, floor, 0, each);
  const ours = await signInAll(bench, product, 0, each);
  const after = await signInAll(bench, floor, each, 2 * each);
  const rawAfter = await rawRate(bench);

  bench.note(lineOf('floor', before));
  bench.note(lineOf('ours', ours));
  bench.note("where the event loop's time of our sign-in goes:");
  const rest = { story: 'signIn', from: each, to: 2 * each } as const;
  for (const line of await whereTimeGoes(product, bench.folder, rest)) bench.note(line);
  const perSecond = ours.perSecond;
  const floors = [before, after];
  return [
    row(
      'full sign-in against the floor',
      perSecond,
      floors.map((run) => run.perSecond),
      0.95,
    ),
    row('full sign-in against raw argon2id', perSecond, [rawBefore, rawAfter], 0.85),
    {
      what: 'second step p50 while hashing fills all cores',
      ours: ours.times['second step']!.p50,
      digits: 2,
      unit: 'ms',
      atMost: 4,
    },
    {
      what: 'second step p50 of the floor, for comparison',
      ours: (before.times['second step']!.p50 + after.times['second step']!.p50) / 2,
      digits: 2,
      unit: 'ms',
    },
    { what: 'peak memory', ours: ours.peak, floor: floors.map((run) => run.peak), unit: 'MiB', atMost: 1.25 },
  ];
};

async function rawRate({ seconds }: Bench): Promise<number> {
  return (await measure<{ perSecond: number }>('raw-argon.ts', seconds)).perSecond;
}

function signInAll(
  { seconds }: Bench,
  target: Target,
  from: number,
  to: number,
): Promise<Measured & { peak: number }> {
  return running(target, async (server) => {
    const run = await load(target, server, seconds, { story: 'signIn', from, to, warm: WARM });
    return { ...run, peak: peakOf(server.pid) };
  });
}

function row(what: string, ours: number, floor: number[], atLeast: number) {
  return { what, ours, floor, digits: 1, unit: '/s', atLeast };
}
