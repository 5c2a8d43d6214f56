import { measure, type Section } from '../bench.ts';
import { withCommits } from '../proc.ts';
import { whereTimeGoes } from '../profile.ts';
import { lineOf, load, type Measured, running } from '../target.ts';

// Keys: what surrounds a signature against the signature itself. Everything else of a step is pages and commits.

const WARM = 2;
const PROFILED_SECONDS = 4;

interface Raw {
  perSecond: number;
  /** Microseconds of one verification. */
  cpu: number;
  bare: number;
}

export const keys: Section = async (bench) => {
  const seconds = Math.min(bench.seconds, 5);
  const raw = () => measure<Raw>('raw-verify.ts', seconds);
  const before = await raw();
  const each = Math.ceil(before.perSecond * 2 * (seconds + WARM + PROFILED_SECONDS));
  const people = { accounts: each, pendings: each, sessions: 0, browsers: each, keys: each };
  const product = await bench.product('keys', people);
  const passkeys = { story: 'passkey', from: 0, to: each, again: true } as const;

  const [step, passkey] = await running(product, async (server) => [
    await withCommits(product.database, () =>
      load(product, server, seconds, { story: 'keyStep', from: 0, to: each, warm: WARM }),
    ),
    await withCommits(product.database, () => load(product, server, seconds, { ...passkeys, warm: WARM })),
  ]);
  const after = await raw();
  const sync = await measure<{ p50: number }>('raw-commit.ts', `${bench.folder}/raw-keys.db`, 1);

  bench.note(`verification: CPU ${Math.round(before.cpu)} before, ${Math.round(after.cpu)} µs after`);
  bench.note(lineOf('second step with a key', step));
  bench.note(lineOf('passkey', passkey));
  const shared = [step, passkey].map(({ commits, told }) => (commits / told).toFixed(3));
  bench.note(
    `commits for each step and each passkey at 32 at once: ${shared.join(', ')}; one alone takes ${sync.p50.toFixed(2)} ms`,
  );
  bench.note('where the time of a second step with a key goes:');
  const rest = { story: 'keyStep', from: step.next, to: each } as const;
  for (const line of await whereTimeGoes(product, bench.folder, rest)) bench.note(line);
  bench.note('where the time of a passkey goes:');
  for (const line of await whereTimeGoes(product, bench.folder, passkeys)) bench.note(line);

  const row = (what: string, { perSecond }: Measured) => ({
    what,
    ours: perSecond,
    floor: [before.perSecond, after.perSecond],
    unit: '/s',
    atLeast: 0.5,
  });
  return [
    row('second step with a key against its verification', step),
    row('sign-in with a passkey against its verification', passkey),
    {
      what: 'our verification against the bare signature',
      ours: (before.perSecond + after.perSecond) / 2,
      floor: [before.bare, after.bare],
      unit: '/s',
    },
  ];
};
