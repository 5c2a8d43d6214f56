import { expect, test } from 'vitest';
import { crashRounds } from './rounds.ts';

test('A20: killed with SIGKILL during enrolment, 10 times', { timeout: 120_000 }, async () => {
  const { problems, on, off } = await crashRounds(10);
  expect(problems).toEqual([]);
  expect(on + off).toBe(10);
});
