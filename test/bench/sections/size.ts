import { statSync } from 'node:fs';
import { median, type Section } from '../bench.ts';
import type { Server } from '../servers.ts';
import { load, type Target } from '../target.ts';

// A full sign-in must not notice how many others have an account.

const FEW = 1000;
/** Enough to fill many pages; a million people with ten codes each would take minutes to seed. */
const CODED = 20_000;
const ROUNDS = 4;
const WARM = 100;
/** Together with the warm-up no person of the few signs in twice. */
const EACH = 200;

export const size: Section = async (bench) => {
  const population = (accounts: number) => ({ accounts, pendings: 0, sessions: 0 });
  const few = await bench.product('few', population(FEW));
  const began = performance.now();
  const many = await bench.product('many', population(bench.accounts));
  bench.note(`${bench.accounts} accounts seeded in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  const bytes = statSync(many.database).size / bench.accounts;
  const coded = await bench.product('codes', { ...population(CODED), codes: CODED });

  // Both run at the same time and take turns, so that what disturbs the machine disturbs both.
  const [fewServer, manyServer] = [await few.start(), await many.start()];
  try {
    const sides = { few: [] as number[], many: [] as number[] };
    await turn(few, fewServer, FEW, 0, WARM);
    await turn(many, manyServer, bench.accounts, 0, WARM);
    for (let round = 0; round < ROUNDS; round++) {
      const from = WARM + round * EACH;
      sides.few.push(await turn(few, fewServer, FEW, from, from + EACH));
      sides.many.push(await turn(many, manyServer, bench.accounts, from, from + EACH));
    }
    return [
      {
        what: `sign-in p50 at ${bench.accounts} accounts, against ${FEW}`,
        ours: median(sides.many),
        floor: [median(sides.few)],
        digits: 2,
        unit: 'ms',
        atMost: 1.1,
      },
      { what: 'database size, an account with one factor', ours: bytes, unit: 'B' },
      {
        what: 'database size, an account with one factor and ten recovery codes',
        ours: statSync(coded.database).size / CODED,
        unit: 'B',
      },
    ];
  } finally {
    await Promise.all([fewServer.stop(), manyServer.stop()]);
  }
};

/** -> p50 of full sign-ins, one at a time, of people scattered over the whole database. */
async function turn(target: Target, server: Server, spread: number, from: number, to: number) {
  const run = await load(target, server, 60, { story: 'signIn', from, to, spread, connections: 1, warm: 0 });
  return run.times.story!.p50;
}
