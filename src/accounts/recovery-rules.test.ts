import { describe, expect, test } from 'vitest';
import { DAY, HOUR } from '../kit/clock.ts';
import { isLive, isOpen, mayAskAgainAt, readReason, stateOf } from './recovery-rules.ts';

const asked = {
  security_version: 7,
  created_at: 0,
  effective_at: DAY,
  cancelled_at: null,
  approved_at: null,
  refused_at: null,
  completed_at: null,
};

describe('the state of a request for help', () => {
  test.each([
    ['waiting', asked, 7, DAY - 1],
    ['ready', asked, 7, DAY],
    ['lapsed', asked, 7, 31 * DAY],
    ['overtaken', asked, 8, DAY],
    ['approved', { ...asked, approved_at: DAY }, 7, DAY + HOUR - 1],
    ['lapsed', { ...asked, approved_at: DAY }, 7, DAY + HOUR],
    ['overtaken', { ...asked, approved_at: DAY }, 8, DAY],
    ['completed', { ...asked, approved_at: DAY, completed_at: DAY + 1 }, 8, DAY + 2],
    ['cancelled', { ...asked, approved_at: DAY, cancelled_at: DAY + 1 }, 7, DAY + 2],
    ['refused', { ...asked, refused_at: 1 }, 7, 2],
  ] as const)('%s', (state, request, version, now) => {
    expect(stateOf(request, version, now)).toBe(state);
    expect(isOpen(state)).toBe(['waiting', 'ready'].includes(state));
    expect(isLive(state)).toBe(['waiting', 'ready', 'approved'].includes(state));
  });
});

test('three requests in thirty days, and the fourth when the first of them is as old', () => {
  const refused = (...times: number[]) =>
    times.map((created_at) => ({ ...asked, created_at, refused_at: created_at }));
  expect(mayAskAgainAt(refused(1, 2), 7, 3)).toBeNull();
  expect(mayAskAgainAt(refused(3, 1, 2), 7, 4)).toBe(1 + 30 * DAY);
  expect(mayAskAgainAt(refused(1, 2, 3), 7, 1 + 30 * DAY)).toBeNull();
  const [ended, overtaken] = [
    { ...asked, cancelled_at: 2 },
    { ...asked, security_version: 6 },
  ];
  expect(mayAskAgainAt([...refused(1, 2), ended, overtaken], 7, 4)).toBeNull();
  expect(mayAskAgainAt([...refused(1, 2), { ...asked, approved_at: 1 }], 7, 4)).not.toBeNull();
});

test('a reason keeps its lines, and nothing that a database or a terminal would stumble over', () => {
  expect(readReason('  My phone\r\nwas stolen.\r\u0000\u001b ')).toBe('My phone\nwas stolen.');
  expect(readReason('a\u0000b\u001b[31m')).toBe('a b [31m');
});
