import { expect, test } from 'vitest';
import { DAY } from '../kit/clock.ts';
import { dueReminder } from './reminder-rules.ts';

const FROM = Date.UTC(2026, 5, 1);

test.each([
  ['fifteen days ahead', -15 * DAY, null],
  ['a millisecond before the first', -14 * DAY - 1, null],
  ['fourteen days ahead', -14 * DAY, 14],
  ['five days ahead', -5 * DAY, 14],
  ['three days ahead', -3 * DAY, 3],
  ['a millisecond before the third', -DAY - 1, 3],
  ['the day before', -DAY, 1],
  ['a millisecond before it holds', -1, 1],
  ['the moment at which it holds', 0, 0],
  ['hours later', DAY - 1, 0],
  ['a day later', DAY, null],
])('%s', (_when, offset, day) => {
  expect(dueReminder(FROM, FROM + offset)).toBe(day);
});
