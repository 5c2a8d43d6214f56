import type { Section } from '../bench.ts';
import type { Row } from '../table.ts';
import { lineOf, load, type Measured, running, type Target } from '../target.ts';

// The Dashboard's list of people: as quick among a million as among a thousand, wherever it begins and whatever is looked for.

const SMALL = 1_000;
const STORIES = {
  peopleFirst: 'first page of people',
  peopleLater: 'a later page',
  peopleByName: 'search by a name that all have',
  peopleByWords: 'search by two words',
  peopleByAddress: 'search by the beginning of an address',
  peopleInState: 'administrators only',
} as const;
type StoryName = keyof typeof STORIES;

export const people: Section = async (bench) => {
  const seconds = Math.min(bench.seconds, 4);
  const population = { pendings: 0, sessions: 1 };
  const small = await bench.product('people-small', { accounts: SMALL, ...population });
  const large = await bench.product('people-large', { accounts: bench.accounts, ...population });

  const measure = (target: Target) =>
    running(target, async (server) => {
      const told = {} as Record<StoryName, Measured>;
      for (const story of Object.keys(STORIES) as StoryName[]) {
        const run = { story, from: 0, to: 1, again: true, connections: 2 };
        told[story] = await load(target, server, seconds, run);
      }
      return told;
    });
  const before = await measure(small);
  const ours = await measure(large);
  const after = await measure(small);

  const median = ({ times }: Measured): number => times['story']!.p50;
  return Object.entries(STORIES).map(([name, what]): Row => {
    const story = name as StoryName;
    bench.note(lineOf(`${what}, ${SMALL} people`, before[story]));
    bench.note(lineOf(`${what}, ${bench.accounts} people`, ours[story]));
    return {
      what: `${what}, ${bench.accounts} against ${SMALL}`,
      ours: median(ours[story]),
      floor: [median(before[story]), median(after[story])],
      digits: 2,
      unit: 'ms',
      atMost: 1.5,
    };
  });
};
