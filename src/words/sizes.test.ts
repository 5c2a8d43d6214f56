import { expect, test } from 'vitest';
import { formatBytes } from './sizes.ts';

test('sizes are told in the unit that people know', () => {
  expect(formatBytes(0, 'en')).toBe('0 bytes');
  expect(formatBytes(1, 'en')).toBe('1 byte');
  expect(formatBytes(999, 'en')).toBe('999 bytes');
  expect(formatBytes(1_000, 'en')).toBe('1 kB');
  expect(formatBytes(999_499, 'en')).toBe('999 kB');
  expect(formatBytes(999_999, 'en')).toBe('1 MB');
  expect(formatBytes(84_230_000, 'en')).toBe('84.2 MB');
  expect(formatBytes(842_300_000, 'en')).toBe('842 MB');
  expect(formatBytes(2 * 1024 ** 3, 'en')).toBe('2.1 GB');
  expect(formatBytes(2 * 1024 ** 3, 'es')).toBe('2,1 GB');
});
