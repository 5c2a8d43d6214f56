import { describe, expect, test } from 'vitest';
import { ageOf, judgeModel, type Model, staleAt } from './model-rules.ts';

const AAGUID = 'cccccccc-0000-4000-8000-000000000001';
const OTHER = 'cccccccc-0000-4000-8000-000000000002';
const model = (...statuses: string[]): Model => ({ attestationTypes: ['basic_full'], roots: [], statuses });

describe('R23: a model where FIDO’s certificate is demanded', () => {
  test.each([
    ['without a status', [], 'uncertified'],
    ['that FIDO certified', ['FIDO_CERTIFIED'], 'accepted'],
    ['that FIDO certified at a level', ['FIDO_CERTIFIED_L3plus'], 'accepted'],
    ['certified once, with more to tell', ['UPDATE_AVAILABLE', 'FIDO_CERTIFIED_L1', 'NEW'], 'accepted'],
    ['that only calls itself so', ['NOT_FIDO_CERTIFIED', 'SELF_ASSERTION_SUBMITTED'], 'uncertified'],
    ['that was revoked before it was certified', ['REVOKED', 'FIDO_CERTIFIED_L1'], 'compromised'],
    ['that was revoked since', ['FIDO_CERTIFIED_L1', 'REVOKED'], 'compromised'],
  ])('%s', (_what, statuses, verdict) => {
    expect(judgeModel(AAGUID, model(...statuses), 'certified')).toBe(verdict);
  });

  test('that isn’t in FIDO’s list', () => {
    expect(judgeModel(AAGUID, undefined, 'certified')).toBe('unknown');
  });
});

describe('R23: a model where a list is demanded', () => {
  test('needs no certificate, but to stand in both lists and not to be compromised', () => {
    expect(judgeModel(AAGUID, model(), [OTHER, AAGUID])).toBe('accepted');
    expect(judgeModel(AAGUID, model('FIDO_CERTIFIED'), [OTHER])).toBe('unlisted');
    expect(judgeModel(AAGUID, model('FIDO_CERTIFIED'), [])).toBe('unlisted');
    expect(judgeModel(AAGUID, undefined, [AAGUID])).toBe('unknown');
    expect(judgeModel(AAGUID, undefined, [OTHER])).toBe('unlisted');
    expect(judgeModel(AAGUID, model('FIDO_CERTIFIED', 'USER_VERIFICATION_BYPASS'), [AAGUID])).toBe(
      'compromised',
    );
  });
});

test('R23: a list is good on the day on which the next is due, late for three more, and then stale', () => {
  const due = Date.UTC(2026, 5, 1);
  const late = Date.UTC(2026, 5, 2);
  const stale = Date.UTC(2026, 5, 5);
  expect(ageOf(due, due - 1)).toBe('current');
  expect(ageOf(due, due)).toBe('current');
  expect(ageOf(due, late - 1)).toBe('current');
  expect(ageOf(due, late)).toBe('late');
  expect(ageOf(due, stale - 1)).toBe('late');
  expect(ageOf(due, stale)).toBe('stale');
  expect(staleAt(due)).toBe(stale);
});
