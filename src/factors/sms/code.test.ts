import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemRandom } from '../../kit/random.ts';
import { createSeal } from '../../kit/seal.ts';
import type { Challenge } from '../challenge.ts';
import { codeMac, isCode, newCode } from './code.ts';

/** Gives these numbers, one after another. */
function drawing(...numbers: number[]) {
  const left = [...numbers];
  return {
    drawn: () => numbers.length - left.length,
    bytes(length: number) {
      const bytes = Buffer.alloc(length);
      bytes.writeUInt32BE(left.shift() as number);
      return bytes;
    },
  };
}

describe('a new code (R14)', () => {
  test.each([
    [0, '000000'],
    [123, '000123'],
    [999_999, '999999'],
    [1_000_000, '000000'],
    [4_293_999_999, '999999'],
  ])('%i becomes %s: six digits, the first of them zeros too', (number, code) => {
    expect(newCode(drawing(number))).toBe(code);
  });

  test('no code is likelier than another: what lies above the last whole million is drawn again', () => {
    // 2^32 is 4,294,967,296: the codes up to 967295 would come up once more often than the others.
    for (const above of [4_294_000_000, 4_294_967_295]) {
      const random = drawing(above, above, 7);
      expect(newCode(random)).toBe('000007');
      expect(random.drawn()).toBe(3);
    }
  });
});

describe('what is kept of a code (R14)', () => {
  const keys = { active: 'one', keys: new Map([['one', Buffer.alloc(32, 1)]]) };
  const deps = { seal: createSeal(keys, systemRandom) };
  const asked = (data: Record<string, string>): Challenge => ({ id: 'c', data, createdAt: 0, expiresAt: 1 });
  const kept = { number: '+34600123456', mac: codeMac(deps, 'ann', '+34600123456', '012345') };

  test('it fits the code, for this account and this number alone', () => {
    expect(isCode(deps, 'ann', asked(kept), '012345')).toBe(true);
    expect(isCode(deps, 'bob', asked(kept), '012345')).toBe(false);
    expect(isCode(deps, 'ann', asked({ ...kept, number: '+34600123457' }), '012345')).toBe(false);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), (number) => {
        const code = String(number).padStart(6, '0');
        expect(isCode(deps, 'ann', asked(kept), code)).toBe(code === '012345');
      }),
    );
  });

  test('a challenge that holds no code has no right answer', () => {
    for (const data of [{}, { number: kept.number }, { mac: '' }, { ...kept, mac: '' }])
      for (const code of ['', '012345']) expect(isCode(deps, 'ann', asked(data), code)).toBe(false);
  });

  test('it does not show the code, and depends on a key that the database does not hold', () => {
    expect(kept.mac).not.toContain('012345');
    const others = { active: 'one', keys: new Map([['one', Buffer.alloc(32, 2)]]) };
    const elsewhere = { seal: createSeal(others, systemRandom) };
    expect(codeMac(elsewhere, 'ann', kept.number, '012345')).not.toBe(kept.mac);
  });
});
