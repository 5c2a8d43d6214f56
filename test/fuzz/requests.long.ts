import { expect, test } from 'vitest';
import { storm } from './storm.ts';

test('A58: 100,000 mutated requests: no fault, no end, no secret in the log, memory flat', {
  timeout: 3 * 60 * 60_000,
}, async () => {
  const { faults, canaries, exited, memory, statuses, logLines, ...rest } = await storm(
    100_000,
    Date.now() >>> 0,
  );
  console.table([
    {
      ...rest,
      logLines,
      faults: faults.length,
      canaries: canaries.length,
      'MiB after a fifth': memory[0].toFixed(1),
      'MiB in the end': memory[1].toFixed(1),
    },
  ]);
  console.table(statuses);
  expect(faults).toEqual([]);
  expect(canaries).toEqual([]);
  // There was something to look through.
  expect(logLines).toBeGreaterThan(80_000);
  expect(exited).toBe(false);
  expect(memory[1] / memory[0]).toBeLessThan(1.05);
});
