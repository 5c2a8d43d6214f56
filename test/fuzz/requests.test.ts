import { expect, test } from 'vitest';
import { storm } from './storm.ts';

test('R76/R83: mutated requests for a server of its own: no fault, no end, no secret in its log', {
  timeout: 120_000,
}, async () => {
  const { faults, canaries, exited, statuses, logLines } = await storm(600, Date.now() >>> 0);
  expect(faults).toEqual([]);
  expect(canaries).toEqual([]);
  // There was something to look through.
  expect(logLines).toBeGreaterThan(450);
  expect(exited).toBe(false);
  // They did not all stop at the same door.
  expect(Object.keys(statuses).length).toBeGreaterThan(6);
});
