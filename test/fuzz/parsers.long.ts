import { afterAll, expect, test } from 'vitest';
import { type Fuzzed, fuzz } from './guided.ts';
import { PARSERS } from './parsers.ts';

const table: Fuzzed[] = [];
afterAll(() => console.table(table));

test.each(PARSERS)('R83: 200,000 mutated inputs for the parser of $name', async (target) => {
  const fuzzed = await fuzz(target, 200_000, Date.now() >>> 0);
  table.push(fuzzed);
  expect(fuzzed.reached).toBeGreaterThan(50);
});
