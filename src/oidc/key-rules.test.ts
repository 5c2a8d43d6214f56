import { expect, test } from 'vitest';
import { AHEAD, isDue, isForgotten, KEPT, LIFE, publishedKeys, signingKey } from './key-rules.ts';

const key = (id: string, generation: number, active_at: number, alg = 'RS256') => ({
  id,
  alg,
  generation,
  active_at,
});
const NOW = 1_000_000_000_000;

test('the newest that is active signs; what comes next is published and waits', () => {
  const keys = [key('old', 1, NOW - LIFE), key('now', 2, NOW), key('next', 3, NOW + 1)];
  expect(signingKey(keys, 'RS256', NOW)?.id).toBe('now');
  expect(signingKey(keys, 'RS256', NOW - 1)?.id).toBe('old');
  expect(signingKey(keys, 'RS256', NOW + 1)?.id).toBe('next');
  expect(signingKey(keys, 'ES256', NOW)).toBe(null);
  expect(publishedKeys(keys, NOW).map(({ id }) => id)).toEqual(['now', 'next', 'old']);
});

test('of each alg the one that signs stands before all others', () => {
  const keys = [key('r1', 1, 0), key('r2', 2, NOW), key('e1', 1, 0, 'ES256'), key('e2', 2, NOW + 1, 'ES256')];
  expect(publishedKeys(keys, NOW).map(({ id }) => id)).toEqual(['e1', 'r2', 'e2', 'r1']);
});

test('a key is kept for a month after its successor took over, and made anew in time', () => {
  const keys = [key('old', 1, 0), key('now', 2, NOW)];
  expect(isForgotten(keys, keys[0]!, NOW + KEPT - 1)).toBe(false);
  expect(isForgotten(keys, keys[0]!, NOW + KEPT)).toBe(true);
  expect(isForgotten(keys, keys[1]!, NOW + 10 * KEPT)).toBe(false);
  expect(publishedKeys(keys, NOW + KEPT).map(({ id }) => id)).toEqual(['now']);
  expect(isDue(keys, 'RS256', NOW + LIFE - AHEAD - 1)).toBe(false);
  expect(isDue(keys, 'RS256', NOW + LIFE - AHEAD)).toBe(true);
  expect(isDue([], 'RS256', NOW)).toBe(false);
});
