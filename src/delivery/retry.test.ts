import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../kit/clock.ts';
import { describeFailure, GIVE_UP_AFTER, LEASE, patienceFor, pauseAfter } from './retry.ts';

test('pauses double from 5 seconds to a minute in the first hour, then to 15 minutes (A38)', () => {
  const pauses = [1, 2, 3, 4, 5, 60].map((attempts) => pauseAfter(attempts, 10 * MINUTE));
  expect(pauses).toEqual([5, 10, 20, 40, 60, 60].map((seconds) => seconds * SECOND));
  expect(pauseAfter(60, HOUR)).toBe(15 * MINUTE);
  expect(pauseAfter(5000, 2 * DAY)).toBe(15 * MINUTE);
  expect(GIVE_UP_AFTER).toBeGreaterThanOrEqual(72 * HOUR);
});

test('the longest pause and the longest try together stay under two minutes, and a lease outlasts a try', () => {
  const longest = Math.max(...[1, 2, 3, 4, 100].map(patienceFor));
  expect(patienceFor(1)).toBe(10 * SECOND);
  expect(longest + pauseAfter(100, 10 * MINUTE)).toBeLessThan(2 * MINUTE);
  expect(LEASE).toBeGreaterThan(longest);
});

test('what is kept of a failure names no address, number, link or token (R76)', () => {
  const error = Object.assign(
    new Error(
      'No <ann@example.org>,\r\n"bo@x.example" +34 600 123 456 http://user:pw@gw/cgi?to=600123456&text=code Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6',
    ),
    { code: 'EENVELOPE', responseCode: 550 },
  );
  expect(describeFailure(error)).toBe('EENVELOPE 550 No <(address)>, "(address)" (number) (link) (token)');
  expect(describeFailure('odd')).toBe('odd');
  expect(describeFailure(undefined)).toBe('');
});
