import { describe, expect, test } from 'vitest';
import type { Deps } from '../../deps.ts';
import { CLOCK_TOLERANCE } from '../../kit/clock.ts';
import { toBase32 } from '../../kit/encoding.ts';
import { systemRandom } from '../../kit/random.ts';
import { createSeal, rowOwner } from '../../kit/seal.ts';
import type { EnrolmentPolicy } from '../accepted.ts';
import type { Adopting, FactorRow } from '../factor.ts';
import { MOST_APPS, totpCare } from './care.ts';
import { hotp, matchStep, stepAt } from './rules.ts';

const NOW = 1_700_000_000_000;
const keys = { active: 'one', keys: new Map([['one', Buffer.alloc(32, 1)]]) };
const deps = {
  seal: createSeal(keys, systemRandom),
  random: systemRandom,
  clock: { now: () => NOW },
} as Deps;
const policy: EnrolmentPolicy = { forbidden: new Set(), keysFirst: false };

describe('looking after authenticator apps', () => {
  const apps = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ id: `${n}`, kind: 'totp', suspended_at: null }) as FactorRow);

  test('another app can be added until there are five, for each is one more code that a guess could hit', () => {
    expect(MOST_APPS).toBe(5);
    for (const count of [0, 4])
      expect(totpCare.adding(deps, policy, apps(count), 'en')).toEqual({
        href: '/account/security/totp',
        text: 'Add an authenticator app',
      });
    for (const count of [5, 6]) expect(totpCare.adding(deps, policy, apps(count), 'en')).toBeNull();
  });

  test('it can be the first, takes its own place by its id, and is lost with the phone', () => {
    const [one] = apps(1) as [FactorRow];
    expect(totpCare.canBeFirst(deps, policy)).toBe(true);
    expect(totpCare.replacing(deps, one)).toBe('/account/security/totp?replaces=0');
    expect(totpCare.carrier(deps, one)).toBe('phone');
  });
});

describe('R82: which codes count as spent after a restore', () => {
  const secret = systemRandom.bytes(20);

  test('every one that a server may have accepted by then, its clock being as far ahead as it may', () => {
    // In the middle of a step, at its end, and at the beginning of the next.
    for (const now of [NOW, NOW + 9_999, NOW + 10_000]) {
      const theirs = now + CLOCK_TOLERANCE;
      const newest = matchStep(secret, hotp(secret, stepAt(theirs) + 1), theirs) as number;
      expect(totpCare.spentBy?.(now)).toBe(newest);
    }
  });

  test('where every answer is known, the one of this moment is the least', () => {
    expect(totpCare.spentAt?.(NOW)).toBe(stepAt(NOW));
  });
});

describe('an app that another system enrolled', () => {
  const { adopt, most } = totpCare.adopting as Adopting;
  const secret = systemRandom.bytes(20);
  const found = (label: string, locale: 'en' | 'es' | null = null) =>
    adopt(deps, { id: 'ann', locale }, { secret, label });

  test('R12: its secret is sealed for this account and this factor', () => {
    const row = found('Pixel');
    expect([row.account_id, row.kind, row.label]).toEqual(['ann', 'totp', 'Pixel']);
    expect(deps.seal.open('totp', rowOwner('ann', row.id), row.sealed_data)).toBe(toBase32(secret));
    expect(row.id).not.toBe(found('Pixel').id);
    expect(most).toBe(MOST_APPS);
  });

  test('R10: the code that it shows now works at once, the one before it does not any more', () => {
    expect(found('').counter).toBe(stepAt(NOW) - 1);
  });

  test('without a name, or with one that can be none, it is called by its kind, in the person’s language', () => {
    expect(found('').label).toBe('Authenticator app');
    expect(found('x'.repeat(61), 'en').label).toBe('Authenticator app');
    expect(found('', 'es').label).toBe('Aplicación de autenticación');
  });
});
