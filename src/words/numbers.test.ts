import { expect, test } from 'vitest';
import { formatNumber, formatShare } from './numbers.ts';

test('long numbers are read in groups', () => {
  expect([formatNumber(999, 'en'), formatNumber(1_234_567, 'en')]).toEqual(['999', '1,234,567']);
  expect([formatNumber(1_234, 'es'), formatNumber(1_234_567, 'es')]).toEqual(['1.234', '1.234.567']);
});

test('a share says all only of all, and none only of none', () => {
  const shares = [0, 1, 500, 999, 1000].map((part) => formatShare(part, 1000, 'en'));
  expect(shares).toEqual(['0%', '1%', '50%', '99%', '100%']);
  expect(formatShare(0, 0, 'en')).toBe('0%');
  expect(formatShare(1, 2, 'es').replace(/\s/, ' ')).toBe('50 %');
});
