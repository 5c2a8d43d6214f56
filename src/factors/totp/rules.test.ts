import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hotp, matchStep, nearMiss, otpauthUri, stepAt } from './rules.ts';

const RFC_SECRET = Buffer.from('12345678901234567890');

describe('RFC 4226 appendix D', () => {
  const codes = [
    '755224',
    '287082',
    '359152',
    '969429',
    '338314',
    '254676',
    '287922',
    '162583',
    '399871',
    '520489',
  ];
  test.each(codes.map((code, counter) => [counter, code] as const))(
    'counter %i gives %s',
    (counter, code) => {
      expect(hotp(RFC_SECRET, counter)).toBe(code);
    },
  );
});

describe('RFC 6238 appendix B, SHA-1', () => {
  test.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ] as const)('at %i s: %s', (seconds, code) => {
    expect(hotp(RFC_SECRET, stepAt(seconds * 1000), 8)).toBe(code);
  });
});

const secrets = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes));
const instants = fc.integer({ min: 60_000, max: 4_000_000_000_000 });

describe('the window (R9, A5)', () => {
  test('fast-check: the codes of t-1, t and t+1 match their step, and a match is always within the window', () => {
    fc.assert(
      fc.property(secrets, instants, fc.integer({ min: -3, max: 3 }), (secret, now, offset) => {
        const step = stepAt(now) + offset;
        const found = matchStep(secret, hotp(secret, Math.max(0, step)), now);
        if (Math.abs(offset) <= 1) expect(found).not.toBeNull();
        if (found !== null) {
          expect(Math.abs(found - stepAt(now))).toBeLessThanOrEqual(1);
          expect(hotp(secret, found)).toBe(hotp(secret, Math.max(0, step)));
        }
      }),
    );
  });

  test('fast-check: a code that is no code of the window never matches', () => {
    fc.assert(
      fc.property(secrets, instants, fc.integer({ min: 0, max: 999_999 }), (secret, now, number) => {
        const code = String(number).padStart(6, '0');
        const window = [-1, 0, 1].map((offset) => hotp(secret, stepAt(now) + offset));
        expect(matchStep(secret, code, now) !== null).toBe(window.includes(code));
      }),
    );
  });
});

describe('the clock doctor', () => {
  test('tells by how many steps a phone is off, up to ten minutes', () => {
    const now = 1_700_000_000_000;
    expect(nearMiss(RFC_SECRET, hotp(RFC_SECRET, stepAt(now) - 6), now)).toBe(-6);
    expect(nearMiss(RFC_SECRET, hotp(RFC_SECRET, stepAt(now) + 20), now)).toBe(20);
    expect(nearMiss(RFC_SECRET, hotp(RFC_SECRET, stepAt(now) + 21), now)).toBeNull();
  });

  test('a code of the window is none of its matters', () => {
    const now = 1_700_000_000_000;
    for (const offset of [-1, 0, 1])
      expect(nearMiss(RFC_SECRET, hotp(RFC_SECRET, stepAt(now) + offset), now)).toBeNull();
  });
});

describe('a machine without a clock of its own, which begins in 1970', () => {
  test('accepts the code of that moment, and looks for none before it', () => {
    for (const now of [0, 29_999]) {
      expect(matchStep(RFC_SECRET, hotp(RFC_SECRET, 0), now)).toBe(0);
      expect(matchStep(RFC_SECRET, '000000', now)).toBeNull();
      expect(nearMiss(RFC_SECRET, '000000', now)).toBeNull();
    }
    expect(nearMiss(RFC_SECRET, hotp(RFC_SECRET, 0), 5 * 30_000)).toBe(-5);
  });
});

test('the otpauth link names brand and person, escaped', () => {
  expect(otpauthUri('My Org', 'ann+1@example.org', 'ABC')).toBe(
    'otpauth://totp/My%20Org:ann%2B1%40example.org?secret=ABC&issuer=My%20Org&algorithm=SHA1&digits=6&period=30',
  );
});
