import { expect, test } from 'vitest';
import type { FactorRow } from '../factor.ts';
import { lastTwo, masked, phoneOf, serves } from './number.ts';

const row = (id: string, kind: string, suspended_at: number | null = null) =>
  ({ id, kind, suspended_at }) as FactorRow;

test('of an account’s factors the phone is the one that is not suspended', () => {
  const app = row('a', 'totp');
  expect(phoneOf([])).toBeNull();
  expect(phoneOf([app])).toBeNull();
  expect(phoneOf([app, row('old', 'sms', 1)])).toBeNull();
  expect(phoneOf([app, row('old', 'sms', 1), row('new', 'sms')])?.id).toBe('new');
});

test('R13: of a number two digits are shown, and nothing else', () => {
  expect(lastTwo('+34600123456')).toBe('56');
  expect(masked('+34600123456')).toBe('•• 56');
});

test('R15: messages go to the countries that the operator named, and everywhere where none is', () => {
  expect(serves({ smsCountries: [] }, 'ES')).toBe(true);
  expect(serves({ smsCountries: ['ES', 'MX'] }, 'MX')).toBe(true);
  expect(serves({ smsCountries: ['ES', 'MX'] }, 'US')).toBe(false);
});
