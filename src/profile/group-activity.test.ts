import { expect, test } from 'vitest';
import { eventSentence } from '../audit/event-sentence.ts';
import type { AuditEvent } from '../audit/events.ts';
import type { AuditRecord } from '../audit/store.ts';
import { groupActivity } from './group-activity.ts';

let seq = 0;

/** As it is recorded: `request` groups, `place` is network and browser. */
function event(name: AuditEvent, request: string, more: Partial<AuditRecord> = {}): AuditRecord {
  return {
    seq: ++seq,
    at: seq,
    event: name,
    outcome: 'success',
    subject: 'p',
    actor: 'p',
    method: null,
    network: '203.0.113.7',
    browser: 'Firefox',
    request_id: request,
    detail: {},
    ...more,
  };
}

const failed = { outcome: 'failure', method: 'totp' } as const;
const password = (request: string, more = {}) =>
  event('sign_in.password', request, { method: 'pwd', ...more });
const completed = (request: string, method = 'pwd otp mfa', more = {}) =>
  event('sign_in.completed', request, { method, ...more });
const factor = (request: string, method = 'totp') => event('sign_in.factor', request, { method });
const used = (request: string) => event('recovery_code.used', request, { detail: { left: 9, number: 1 } });

/** The lines that a person reads, newest first, of what is given oldest first. */
function read(...records: AuditRecord[]): string[] {
  return groupActivity(records.toReversed()).map((line) => eventSentence('en', line.event));
}

test('a sign-in is one line that says with what', () => {
  expect(read(password('1'), completed('2'), factor('2'))).toEqual([
    'Signed in with password and one-time code',
  ]);
  expect(read(password('1'), completed('1', 'pwd'))).toEqual(['Signed in with password']);
  expect(read(password('1'), completed('2', 'pwd hwk pop mfa'), factor('2', 'webauthn'))).toEqual([
    'Signed in with password and security key',
  ]);
});

test('a used recovery code stays visible in it, with what is left', () => {
  expect(read(password('1'), used('2'), completed('2'), factor('2', 'recovery-code'))).toEqual([
    'Signed in with password and recovery code (9 left)',
  ]);
  const stepUp = event('step_up.completed', '4', { method: 'recovery-code' });
  expect(read(event('step_up.password', '3', { method: 'pwd' }), used('4'), stepUp)).toEqual([
    'Confirmed that it is you: password and recovery code (9 left)',
  ]);
});

test('a confirmation is one line, with a second step and without one', () => {
  const half = () => event('step_up.password', '1', { method: 'pwd' });
  expect(read(half(), event('step_up.completed', '2', { method: 'totp' }))).toEqual([
    'Confirmed that it is you: password and one-time code',
  ]);
  expect(read(half(), event('step_up.completed', '1', { method: 'pwd' }))).toEqual([
    'Confirmed that it is you: password',
  ]);
});

test('failures keep their own lines, and so does the password that stood before them', () => {
  expect(read(password('1'), event('sign_in.factor', '2', failed), completed('3'), factor('3'))).toEqual([
    'Signed in with password and one-time code',
    'Second step refused: authenticator app',
    'Password accepted',
  ]);
  expect(read(password('1', { outcome: 'failure' }), completed('2', 'pwd'))).toEqual([
    'Signed in with password',
    'Sign-in with a wrong password',
  ]);
  expect(read(event('step_up.completed', '2', failed))).toEqual(['Confirmation refused: authenticator app']);
});

test('a password from another place is never hidden in somebody else’s sign-in', () => {
  for (const elsewhere of [{ network: '198.51.100.9' }, { browser: 'curl' }]) {
    expect(read(password('1', elsewhere), completed('2'), factor('2'))).toEqual([
      'Signed in with password and one-time code',
      'Password accepted',
    ]);
  }
  expect(read(password('1'), password('2'), completed('3'), factor('3'))).toHaveLength(2);
});

test('what a sign-in set going stays beside it', () => {
  expect(
    read(event('two_factor.enabled', '1', { method: 'totp' }), completed('1'), event('sign_out', '2')),
  ).toEqual([
    'Signed out',
    'Signed in with password and one-time code',
    'Two-factor authentication turned on: authenticator app',
  ]);
  expect(read(password('1'), event('sign_in.enrolment_only', '1', { method: 'pwd' }))).toEqual([
    'Sign-in stopped until two-factor authentication is on',
  ]);
  expect(read(factor('1'), event('sign_out', '2'))).toEqual([
    'Signed out',
    'Second step accepted: authenticator app',
  ]);
});

test('rows without a request are not put together, but for the password before', () => {
  const old = { request_id: null };
  expect(read(completed('', 'pwd otp mfa', old), { ...factor(''), ...old })).toEqual([
    'Second step accepted: authenticator app',
    'Signed in with password and one-time code',
  ]);
});

test('however it is cut, every record is in exactly one line', () => {
  const records = [
    password('1'),
    completed('2'),
    factor('2'),
    event('sign_out', '3'),
    password('4'),
    used('5'),
    completed('5'),
    factor('5', 'recovery-code'),
  ].toReversed();
  for (let cut = 0; cut <= records.length; cut++) {
    const part = records.slice(cut);
    const lines = groupActivity(part);
    expect(lines.at(-1)?.oldest).toBe(part.at(-1)?.seq);
    // The next page goes on right where a line ended.
    for (const [index, { oldest }] of lines.entries()) {
      const rest = part.filter((one) => one.seq < oldest);
      expect(groupActivity(rest)).toEqual(lines.slice(index + 1));
    }
  }
});

test('a passkey and a trusted browser are told as what they are', () => {
  const passkey = event('sign_in.passkey', '1', { method: 'webauthn' });
  expect(read(passkey, completed('1', 'hwk user mfa'))).toEqual(['Signed in with passkey']);
  // Of a sign-in that went no further, and perhaps was not theirs.
  expect(read(password('0'), passkey, completed('1', 'hwk user mfa'))).toEqual([
    'Signed in with passkey',
    'Password accepted',
  ]);
  const trusted = completed('2', 'pwd', { detail: { trusted: true } });
  expect(read(password('2'), trusted)).toEqual(['Signed in with password, in a trusted browser']);
});
