import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemRandom } from '../../kit/random.ts';
import { formatCode, newCodes, normalizeRecoveryCode } from './rules.ts';

describe('recovery codes (R24)', () => {
  test('ten different codes of sixteen Crockford characters, shown in fours', () => {
    const codes = newCodes(systemRandom);
    expect(new Set(codes).size).toBe(10);
    for (const code of codes)
      expect(formatCode(code)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
  });

  const mangled = fc.record({
    lower: fc.boolean(),
    separator: fc.constantFrom('', '-', ' ', '\u2013', '\u00a0'),
    zero: fc.constantFrom('0', 'O', 'o'),
    one: fc.constantFrom('1', 'I', 'l', 'L', 'i'),
  });

  test('fast-check: however a code is typed, it is read as itself', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 160, maxLength: 160 }),
        mangled,
        (bytes, { lower, separator, zero, one }) => {
          let at = 0;
          const random = {
            bytes(length: number) {
              at += length;
              return Buffer.from(bytes.slice(at - length, at));
            },
          };
          for (const code of newCodes(random)) {
            const grouped = formatCode(code)
              .replaceAll('-', separator)
              .replaceAll('0', zero)
              .replaceAll('1', one);
            expect(normalizeRecoveryCode(lower ? grouped.toLowerCase() : grouped)).toBe(code);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test.each(['', 'ABCD', '0000-0000-0000-000U', 'XXXX-XXXX-XXXX-XXXX-X'])('%j is not one', (typed) => {
    expect(normalizeRecoveryCode(typed)).toBeNull();
  });
});
