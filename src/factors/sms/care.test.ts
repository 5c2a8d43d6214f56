import { describe, expect, test } from 'vitest';
import type { Deps } from '../../deps.ts';
import { systemRandom } from '../../kit/random.ts';
import { createSeal, rowOwner } from '../../kit/seal.ts';
import type { EnrolmentPolicy } from '../accepted.ts';
import type { FactorRow } from '../factor.ts';
import { smsCare } from './care.ts';

const keys = { active: 'one', keys: new Map([['one', Buffer.alloc(32, 1)]]) };
const seal = createSeal(keys, systemRandom);
const house = (textMessages: boolean, ...smsCountries: string[]) =>
  ({ seal, config: { textMessages, smsCountries } }) as unknown as Deps;
const policy: EnrolmentPolicy = { forbidden: new Set(), keysFirst: false };
const phone = (suspended_at: number | null = null) =>
  ({
    id: 'p',
    account_id: 'ann',
    kind: 'sms',
    suspended_at,
    sealed_data: seal.seal('sms', rowOwner('ann', 'p'), '+34600123456'),
  }) as FactorRow;

describe('looking after a phone', () => {
  test('R13: two digits of its number are shown, and where messages are off, that they are', () => {
    expect(smsCare.detail(house(true), phone(), 'en')).toBe('•• 56');
    expect(smsCare.detail(house(false), phone(), 'en')).toBe('•• 56, text messages are off here');
  });

  test('R15: it answers where messages go to its country', () => {
    for (const [countries, answers, told] of [
      [[], true, '•• 56'],
      [['PT', 'ES'], true, '•• 56'],
      [['PT'], false, '•• 56, no messages are sent to its country'],
    ] as const) {
      expect(smsCare.answersHere?.(house(true, ...countries), phone())).toBe(answers);
      expect(smsCare.detail(house(true, ...countries), phone(), 'en')).toBe(told);
    }
    expect(smsCare.answersHere?.(house(false), phone())).toBe(false);
  });

  test('there is one; another can be set up where there is none, or only a suspended one', () => {
    const link = { href: '/account/security/sms', text: 'Add a phone for text messages' };
    expect(smsCare.adding(house(true), policy, [], 'en')).toEqual(link);
    expect(smsCare.adding(house(true), policy, [phone(1)], 'en')).toEqual(link);
    expect(smsCare.adding(house(true), policy, [phone()], 'en')).toBeNull();
  });

  test('R13: without a gateway none is set up, takes another’s place, or is the first', () => {
    expect(smsCare.adding(house(false), policy, [], 'en')).toBeNull();
    for (const on of [true, false]) {
      expect(smsCare.replacing(house(on), phone())).toBe(on ? '/account/security/sms' : null);
      expect(smsCare.canBeFirst(house(on), policy)).toBe(on);
    }
  });

  test('it is lost with the phone, and so are the apps on it', () => {
    expect(smsCare.carrier(house(true), phone())).toBe('phone');
  });
});
