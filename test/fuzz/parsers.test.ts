import { expect, test } from 'vitest';
import { Chance } from './chance.ts';
import { fuzz, type Target } from './guided.ts';
import { PARSERS } from './parsers.ts';

test.each(PARSERS)('R83: mutated inputs for the parser of $name', async (target) => {
  const { reached, corpus } = await fuzz(target, 1_000, Date.now() >>> 0);
  expect(reached).toBeGreaterThan(50);
  expect(corpus).toBeGreaterThanOrEqual(target.seeds.length);
});

test('what a mutation must reach is reached by its coverage', async () => {
  const { climb } = await import('./climb.ts');
  const stairs: Target = {
    name: 'stairs',
    scripts: /fuzz\/climb/,
    seeds: ['aa'],
    run: (input) => climb(input),
  };
  await expect(fuzz(stairs, 20_000, 7)).rejects.toThrow('stairs, seed 7');
  // Without the coverage nobody gets up there.
  const blind = new Chance(7);
  const up = () => climb(Buffer.from(Array.from({ length: 2 }, () => blind.below(256))));
  for (let n = 0; n < 20_000; n++) expect(up).not.toThrow();
});
