import { expect, test } from 'vitest';
import { Refusal } from '../kit/refusal.ts';
import { assertNotFrozen, FREEZE_LIFETIME } from './freeze.ts';

const NOW = 1_800_000_000_000;

test('changes rest until the last millisecond of the day, and not a millisecond more', () => {
  const account = { frozen_until_at: NOW + FREEZE_LIFETIME };
  expect(() => assertNotFrozen(account, NOW)).toThrow(new Refusal('changes_frozen'));
  expect(() => assertNotFrozen(account, NOW + FREEZE_LIFETIME - 1)).toThrow(Refusal);
  expect(() => assertNotFrozen(account, NOW + FREEZE_LIFETIME)).not.toThrow();
  expect(() => assertNotFrozen({ frozen_until_at: null }, NOW)).not.toThrow();
});
