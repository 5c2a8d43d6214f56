import { expect, test } from 'vitest';
import { amrOf, distinctLabel, judgeCounter, rpIdOf, standsBeside, userHandleOf } from './rules.ts';

test.each([
  ['http://localhost:3000', 'localhost'],
  ['https://id.example.org', 'id.example.org'],
  ['https://id.example.org:8443', 'id.example.org'],
  ['https://192.0.2.7', null],
  ['https://203.113.254.99', null],
  ['https://1.2.3.4.example.org', '1.2.3.4.example.org'],
  ['https://[2001:db8::1]', null],
  ['https://xn--bcher-kva.example', 'xn--bcher-kva.example'],
])('the relying party of %s is %s', (baseUrl, rpId) => {
  expect(rpIdOf(baseUrl)).toBe(rpId);
});

test.each([
  [0, 0, 'steady'],
  [0, 1, 'risen'],
  [5, 6, 'risen'],
  [5, 5, 'fallen'],
  [5, 4, 'fallen'],
  [5, 0, 'fallen'],
] as const)('a counter that goes from %i to %i is %s (R20)', (stored, sent, verdict) => {
  expect(judgeCounter(stored, sent)).toBe(verdict);
});

test('the user handle is the same for ever, another for each account, and not the account’s id', () => {
  const id = 'a'.repeat(32);
  expect(userHandleOf(id)).toBe(userHandleOf(id));
  expect(userHandleOf(id)).not.toBe(userHandleOf('b'.repeat(32)));
  expect(Buffer.from(userHandleOf(id), 'base64url')).toHaveLength(32);
  expect(userHandleOf(id)).not.toContain(id);
});

test('a synced key is software, any other hardware', () => {
  expect(amrOf({ backupEligible: true })).toEqual(['swk', 'user']);
  expect(amrOf({ backupEligible: false })).toEqual(['hwk', 'user']);
});

test('the second of a model is numbered', () => {
  expect(distinctLabel('Key', [])).toBe('Key');
  expect(distinctLabel('Key', ['Key', 'Key 2'])).toBe('Key 3');
});

test('R22: a key stands beside a factor of another kind that works and is accepted, and beside no other', () => {
  const factor = (kind: string, suspended_at: number | null = null) => ({ kind, suspended_at });
  const none = new Set<string>();
  expect(standsBeside([factor('webauthn'), factor('totp')], none)).toBe(true);
  expect(standsBeside([], none)).toBe(false);
  expect(standsBeside([factor('webauthn')], none)).toBe(false);
  expect(standsBeside([factor('totp', 1)], none)).toBe(false);
  expect(standsBeside([factor('totp')], new Set(['totp']))).toBe(false);
  expect(standsBeside([factor('totp'), factor('sms')], new Set(['totp']))).toBe(true);
});
