import { expect, test } from 'vitest';
import { LOCALES } from '../words/locale.ts';
import { eventSentence } from './event-sentence.ts';
import { AUDIT_EVENTS } from './events.ts';

const quiet = { outcome: 'success', subject: 'p', actor: 'p', method: null, detail: {} } as const;

test('every event has a sentence of its own in every language, for success and for failure', () => {
  for (const locale of LOCALES) {
    const sentences = AUDIT_EVENTS.map((event) => eventSentence(locale, { ...quiet, event }));
    expect(new Set(sentences).size).toBe(AUDIT_EVENTS.length);
    for (const event of AUDIT_EVENTS) {
      const failed = eventSentence(locale, {
        ...quiet,
        event,
        outcome: 'failure',
        method: 'otp',
        detail: { count: 3, app: 'Reader', version: '1' },
      });
      expect(failed).not.toMatch(/undefined|null|\[object/);
    }
  }
});

test('it says how, how many and who', () => {
  const used = { ...quiet, event: 'recovery_code.used', detail: { number: 4, left: 2 } } as const;
  expect(eventSentence('en', used)).toBe('Recovery code used, 2 left');
  const added = { ...quiet, event: 'factor.added', method: 'totp' } as const;
  expect(eventSentence('en', added)).toBe('Second step added: authenticator app');
  const signedIn = {
    ...quiet,
    event: 'sign_in.completed',
    method: 'pwd recovery-code mfa',
    detail: { left: 9 },
  } as const;
  expect(eventSentence('en', signedIn)).toBe('Signed in with password and recovery code (9 left)');
  expect(eventSentence('es', { ...signedIn, detail: { left: 1 } })).toBe(
    'Sesión iniciada con contraseña y código de recuperación (queda 1)',
  );
  expect(eventSentence('en', { ...signedIn, method: null, detail: {} })).toBe('Signed in');
  const suspended = { ...quiet, event: 'account.suspended', actor: 'operator' } as const;
  expect(eventSentence('en', suspended)).toBe('Account suspended by the operator of this server');
  expect(eventSentence('es', { ...suspended, actor: 'another' })).toBe(
    'Cuenta suspendida por un administrador',
  );
  const held = { ...quiet, event: 'codes.held', actor: 'system' } as const;
  expect(eventSentence('en', held)).toBe('One-time codes paused after too many wrong ones');
});

test('an event of a newer version is named rather than failing the page', () => {
  expect(eventSentence('en', { ...quiet, event: 'factor.invented' as never })).toBe('factor.invented');
  expect(eventSentence('en', { ...quiet, event: 'toString' as never })).toBe('toString');
});
