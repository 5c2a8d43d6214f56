import { expect, test } from 'vitest';
import { storm } from './storm.ts';

test('A58: 100,000 mutated requests: no fault, no end, no secret in the log, memory flat', {
  timeout: 3 * 60 * 60_000,
}, async () => {
  const { faults, canaries, exited, memory, statuses, ...rest } = await storm(100_000, Date.now() >>> 0);
  console.table([
    {
      ...rest,
      faults: faults.length,
      canaries: canaries.length,
      'MiB early': memory[0],
      'MiB late': memory[1],
    },
  ]);
  console.table(statuses);
  expect(faults).toEqual([]);
  expect(canaries).toEqual([]);
  expect(exited).toBe(false);
  expect(memory[1] / memory[0]).toBeLessThan(1.2);
});
