import { DAY, HOUR } from '../kit/clock.ts';
import { isTimeZone } from './dates.ts';

/** `2026-06-01`: the day of an instant where the person is; without a zone, or with one that is unknown, in UTC. */
export function dayOf(at: number, timeZone: string | null): string {
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 10);
}

/**
 * The first instant of `2026-06-01` where the person is, or of the day so many days `later`, in epoch milliseconds; null for
 * what names no day.
 */
export function startOfDay(named: string, timeZone: string | null, later = 0): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(named)) return null;
  const first = Date.parse(`${named}T00:00:00Z`);
  if (Number.isNaN(first) || dayOf(first, null) !== named) return null;
  const utc = first + later * DAY;
  // The offset of the day before may be another one: looked at again where the first guess lies.
  const guess = utc - offsetAt(utc, timeZone);
  const start = utc - offsetAt(guess, timeZone);
  // Where midnight itself is skipped, the day begins an hour later.
  return dayOf(start, timeZone) < dayOf(utc, null) ? start + HOUR : start;
}

/** How far the clocks of a zone are ahead of UTC at an instant, in milliseconds. */
function offsetAt(at: number, timeZone: string | null): number {
  if (timeZone === null || !isTimeZone(timeZone)) return 0;
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return wall - Math.floor(at / 1000) * 1000;
}

/** Days of UTC, oldest first; the last one is that of `now`. In epoch milliseconds, each its first instant. */
export function lastDays(count: number, now: number): number[] {
  const today = Math.floor(now / DAY) * DAY;
  return Array.from({ length: count }, (_, index) => today - (count - 1 - index) * DAY);
}
