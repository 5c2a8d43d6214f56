import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, HOUR, SECOND } from '../kit/clock.ts';
import { LOOK_BACK, startOfDay, waitAfter as wait } from './text-rules.ts';

/** Messages whose codes nobody used. */
const waitAfter = (sent: readonly number[], now: number) =>
  wait(
    sent.map((sent_at) => ({ sent_at, used_at: null, known: 0 })),
    0,
    now,
  );

test('one a minute, five an hour, ten a day: until the oldest of so many is old enough', () => {
  const now = 100 * DAY;
  expect(waitAfter([], now)).toBe(0);
  expect(waitAfter([now], now)).toBe(60 * SECOND);
  expect(waitAfter([now - 59_999], now)).toBe(1);
  expect(waitAfter([now - 60_000], now)).toBe(0);
  const five = [1, 2, 3, 4, 5].map((minutes) => now - minutes * 60 * SECOND);
  expect(waitAfter(five, now)).toBe(HOUR - 5 * 60 * SECOND);
  const ten = Array.from({ length: 10 }, (_, hour) => now - (hour + 1) * HOUR);
  expect(waitAfter(ten, now)).toBe(DAY - 10 * HOUR);
});

test('whenever people ask, no window ever holds more than its limit', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 * HOUR }), { maxLength: 60 }), (pauses) => {
      const sent: number[] = [];
      let now = 0;
      for (const pause of pauses) {
        now += pause;
        const wait = waitAfter(sent.slice(0, LOOK_BACK), now);
        if (wait === 0) sent.unshift(now);
        else expect(waitAfter(sent.slice(0, LOOK_BACK), now + wait)).toBe(0);
      }
      for (const [most, within] of [
        [1, 60 * SECOND],
        [5, HOUR],
        [10, DAY],
      ] as const)
        for (const end of sent)
          expect(sent.filter((at) => at <= end && at > end - within).length).toBeLessThanOrEqual(most);
    }),
  );
});

test('a clock that was set back makes nobody wait for longer than the limit', () => {
  expect(waitAfter([10 * DAY], DAY)).toBe(60 * SECOND);
});

test('days are days of UTC', () => {
  expect(startOfDay(Date.UTC(2026, 4, 3, 23, 59, 59, 999))).toBe(Date.UTC(2026, 4, 3));
});

test('after a code that was used nobody waits for the minute, but for the hour and the day', () => {
  const now = 100 * DAY;
  const used = (sent_at: number) => ({ sent_at, used_at: sent_at, known: 0 });
  expect(wait([used(now)], 0, now)).toBe(0);
  expect(wait([{ sent_at: now, used_at: null, known: 0 }, used(now)], 0, now)).toBe(60 * SECOND);
  expect(
    wait(
      Array.from({ length: 5 }, () => used(now)),
      0,
      now,
    ),
  ).toBe(HOUR);
});

test('R59: the shares are counted apart, but for the minute between two messages', () => {
  const now = 100 * DAY;
  const others = Array.from({ length: 10 }, (_, hour) => ({
    sent_at: now - (hour + 1) * HOUR,
    used_at: null,
    known: 0,
  }));
  expect(wait(others, 0, now)).toBe(DAY - 10 * HOUR);
  expect(wait(others, 1, now)).toBe(0);
  expect(wait([{ sent_at: now, used_at: null, known: 0 }, ...others], 1, now)).toBe(60 * SECOND);
  const own = others.map((one) => ({ ...one, known: 1 }));
  expect(wait([...others, ...own], 1, now)).toBe(DAY - 10 * HOUR);
});
