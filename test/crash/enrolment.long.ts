import { expect, test } from 'vitest';
import { crashRounds } from './rounds.ts';

test('A20: killed with SIGKILL during enrolment, 200 times', async () => {
  const { problems, on, off } = await crashRounds(200);
  expect(problems).toEqual([]);
  // Both outcomes must have been met, else the moments were badly chosen.
  expect(on).toBeGreaterThan(5);
  expect(off).toBeGreaterThan(5);
});
