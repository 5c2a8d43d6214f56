import { expect, test } from 'vitest';
import { startOfDay } from './days.ts';

test.each([
  ['2026-05-03', 'UTC', 0, '2026-05-03T00:00:00.000Z'],
  ['2026-05-03', 'UTC', 1, '2026-05-04T00:00:00.000Z'],
  ['2026-05-03', 'Europe/Madrid', 0, '2026-05-02T22:00:00.000Z'],
  // The night in which summer time begins, and the one in which it ends.
  ['2026-03-29', 'Europe/Madrid', 0, '2026-03-28T23:00:00.000Z'],
  ['2026-03-29', 'Europe/Madrid', 1, '2026-03-29T22:00:00.000Z'],
  ['2026-10-25', 'Europe/Madrid', 0, '2026-10-24T22:00:00.000Z'],
  ['2026-10-25', 'Europe/Madrid', 1, '2026-10-25T23:00:00.000Z'],
  ['2026-12-31', 'America/New_York', 1, '2027-01-01T05:00:00.000Z'],
  ['2026-05-03', 'Asia/Kolkata', 0, '2026-05-02T18:30:00.000Z'],
])('%s in %s, %i days later, begins at its midnight', (day, zone, later, at) => {
  expect(new Date(startOfDay(day, zone, later) as number).toISOString()).toBe(at);
});

test.each(['', '2026-02-30', '2026-13-01', '03.05.2026', '2026-5-3', '20260503', "2026-05-03'"])(
  '"%s" is no day',
  (text) => {
    expect(startOfDay(text, 'UTC')).toBeNull();
  },
);
