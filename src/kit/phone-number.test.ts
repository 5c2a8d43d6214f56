import { expect, test } from 'vitest';
import { phoneCountries, readNumber } from './phone-number.ts';

test.each([
  ['+34 600 123 456', undefined, '+34600123456', 'ES'],
  ['600 12-34-56', 'ES', '+34600123456', 'ES'],
  ['600123456', 'es', '+34600123456', 'ES'],
  [' (213) 373-4253 ', 'US', '+12133734253', 'US'],
  ['+1 416 234 5678', 'US', '+14162345678', 'CA'],
  ['00442071838750', 'ES', '+442071838750', 'GB'],
  ['+77012345678', undefined, '+77012345678', 'KZ'],
  // Ranges that the plans leave out.
  ['07700 900123', 'GB', '+447700900123', 'GB'],
  ['+1 555 555 0100', undefined, '+15555550100', 'US'],
])('%s (%s)', async (text, country, e164, found) => {
  expect(readNumber(text, country)).toEqual({ e164, country: found });
});

test.each([
  ['', 'ES'],
  ['600123456', undefined],
  ['600123456', 'XX'],
  ['+34 600', undefined],
  ['+34600123456 ext. 5', undefined],
  ['+34600123456;ext=1', undefined],
  ['call 600123456', 'ES'],
  ['1-800-FLOWERS', 'US'],
  ['112', 'ES'],
  ['+34600123456\n+34600123457', undefined],
  [`+34600123456${' '.repeat(60)}`, undefined],
])('%j (%s) is none', async (text, country) => {
  expect(readNumber(text, country)).toBeNull();
});

test('R15: satellite and international shared-cost numbers belong to no country, and are not served', async () => {
  for (const text of ['+80012345678', '+881612345678', '+882161234567', '+8835100012345678'])
    expect(readNumber(text)).toBeNull();
});

test('R15: a message to a premium or service number would pay somebody', async () => {
  for (const text of ['+34803123456', '+19002345678', '+449012345678', '+34902123456', '+18002345678'])
    expect(readNumber(text)).toBeNull();
});

test('every country with its calling code', async () => {
  const countries = phoneCountries();
  expect(countries.length).toBeGreaterThan(200);
  expect(countries).toContainEqual({ code: 'ES', calling: '34' });
  expect(countries.every(({ code, calling }) => /^[A-Z]{2}$/.test(code) && /^\d{1,3}$/.test(calling))).toBe(
    true,
  );
});
