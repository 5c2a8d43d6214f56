import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../kit/clock.ts';
import { formatDay, formatDuration, formatInstant, formatStamp, formatTime, isTimeZone } from './dates.ts';

const at = Date.UTC(2026, 10, 24, 14, 5);

test('an instant is told with its zone', () => {
  expect(formatInstant(at, 'en', null)).toBe('24 November 2026, 14:05 (UTC)');
  expect(formatInstant(at, 'en', 'Europe/Madrid')).toBe('24 November 2026, 15:05 (Europe/Madrid, GMT+1)');
  expect(formatInstant(at, 'es', 'America/New_York')).toBe(
    '24 de noviembre de 2026, 09:05 (America/New_York, GMT-5)',
  );
  expect(formatInstant(at, 'en', 'No/Such_Zone')).toBe('24 November 2026, 14:05 (UTC)');
  expect(formatTime(at, 'en', null)).toBe('14:05 (UTC)');
  expect(formatStamp(at, 'en', 'Europe/Madrid')).toBe('24 Nov 2026, 15:05:00');
  expect(formatDay(Date.UTC(2026, 10, 24, 23, 30), 'en', 'Asia/Tokyo')).toBe('25 November 2026');
});

test('midnight is 00:00', () => {
  expect(formatTime(Date.UTC(2026, 0, 1), 'en', null)).toBe('00:00 (UTC)');
});

test('only zones that this runtime knows count', () => {
  expect(['UTC', 'Europe/Madrid', 'Etc/GMT+5'].map(isTimeZone)).toEqual([true, true, true]);
  expect(['', 'Mars/Base', '+02:00', '../etc/passwd', 'a'.repeat(90)].map(isTimeZone)).toEqual(
    Array(5).fill(false),
  );
});

test('durations are rounded up, in the unit that people use', () => {
  const told = [500, 15 * MINUTE, 61 * SECOND, HOUR, DAY, 7 * DAY].map((ms) => formatDuration(ms, 'en'));
  expect(told).toEqual(['1 second', '15 minutes', '2 minutes', '1 hour', '24 hours', '7 days']);
  expect(formatDuration(7 * DAY, 'es')).toBe('7 días');
});
