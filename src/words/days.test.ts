import { expect, test } from 'vitest';
import { dayOf, lastDays, startOfDay } from './days.ts';

test.each([
  ['2026-06-01', null, '2026-06-01T00:00:00.000Z'],
  ['2026-06-01', 'Europe/Madrid', '2026-05-31T22:00:00.000Z'],
  ['2026-12-01', 'Europe/Madrid', '2026-11-30T23:00:00.000Z'],
  ['2026-06-01', 'America/Los_Angeles', '2026-06-01T07:00:00.000Z'],
  ['2026-06-01', 'Asia/Kathmandu', '2026-05-31T18:15:00.000Z'],
  // The clocks go forward at two, and back at three.
  ['2026-03-29', 'Europe/Madrid', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Madrid', '2026-03-29T22:00:00.000Z'],
  ['2026-10-26', 'Europe/Madrid', '2026-10-25T23:00:00.000Z'],
  // At midnight, which is skipped.
  ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
  ['2026-06-01', 'Nowhere/At_All', '2026-06-01T00:00:00.000Z'],
])('%s in %s begins at %s', (day, zone, instant) => {
  const start = startOfDay(day, zone) as number;
  expect(new Date(start).toISOString()).toBe(instant);
  expect(dayOf(start, zone)).toBe(day);
  expect(dayOf(start - 1, zone) < day).toBe(true);
});

test.each(['', '2026-02-30', '2026-13-01', '26-01-01', '2026-1-1', '2026-06-01T00:00', 'tomorrow'])(
  '"%s" is no day',
  (text) => {
    expect(startOfDay(text, 'Europe/Madrid')).toBeNull();
  },
);

test('the last days end with today', () => {
  const now = Date.UTC(2026, 4, 3, 10);
  expect(lastDays(3, now).map((day) => dayOf(day, null))).toEqual(['2026-05-01', '2026-05-02', '2026-05-03']);
});

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
  '"%s" is no day in UTC either',
  (text) => {
    expect(startOfDay(text, 'UTC')).toBeNull();
  },
);
