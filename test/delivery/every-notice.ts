import type { Notice } from '../../src/notices/notice.ts';

/** When what lasts for a while is over. */
export const until = Date.UTC(2026, 4, 3, 10, 15, 5);

/** One of each, with its English subject (`screens-and-mails.md` 2) and what else it must say. */
export const NOTICES: readonly (readonly [Notice, string, readonly string[]])[] = [
  [
    { kind: 'two_factor_on', factorId: 'f1', method: 'totp', label: 'Pixel' },
    'Two-factor authentication is on',
    ['Authenticator app', 'Pixel', 'recovery codes'],
  ],
  [{ kind: 'two_factor_off', by: 'self' }, 'Two-factor authentication was disabled', ['You', 'Enable 2FA']],
  [{ kind: 'two_factor_off', by: 'operator' }, 'Two-factor authentication was disabled', ['The operator']],
  [
    { kind: 'factor_added', factorId: 'f2', method: 'webauthn', label: 'Blue' },
    'Security key "Blue" was added',
    ['Security key', 'Blue'],
  ],
  [
    { kind: 'factor_added', factorId: 'f2', method: 'sms', label: '+34 600 123 456' },
    'Your phone for codes was changed',
    ['…56'],
  ],
  [
    { kind: 'factor_removed', method: 'webauthn', label: 'Blue' },
    'Security key "Blue" was removed',
    ['Blue'],
  ],
  [
    { kind: 'factor_removed', method: 'webauthn', label: 'Blue', by: 'Bo Berg' },
    'Security key "Blue" was removed',
    ['Done by: Bo Berg', 'all your sessions have ended'],
  ],
  [
    { kind: 'role_changed', by: 'Bo Berg', role: 'admin' },
    'Your role was changed',
    ['Done by: Bo Berg', 'administrator of Acme', 'must use two-factor authentication'],
  ],
  [
    { kind: 'factor_replaced', method: 'totp', factorId: 'f1', label: 'Pixel', undo: { row: 'sealed' } },
    'Your authenticator app was changed',
    ['no longer works', '24 hours'],
  ],
  [
    { kind: 'key_suspended', method: 'webauthn', label: 'Blue' },
    'Your security key "Blue" was suspended',
    ['Blue', 'key has been copied', 'remove or replace'],
  ],
  [{ kind: 'codes_regenerated' }, 'New recovery codes were made', ['no longer work']],
  [{ kind: 'code_used', remaining: 7 }, 'A recovery code was used', ['7 recovery codes are left']],
  [{ kind: 'codes_low', remaining: 1 }, 'Your recovery codes are running out', ['1 recovery code is left']],
  [{ kind: 'password_changed', how: 'changed' }, 'Your password was changed', ['other sessions have ended']],
  [{ kind: 'password_changed', how: 'reset' }, 'Your password was changed', ['All your sessions have ended']],
  [
    { kind: 'recovery_address_added', address: 'spare@example.org' },
    'A recovery address was added',
    ['spare@example.org'],
  ],
  [
    { kind: 'recovery_address_removed', address: 'spare@example.org' },
    'A recovery address was removed',
    ['spare@example.org'],
  ],
  [
    { kind: 'replace_undone', method: 'totp', label: 'Pixel' },
    'Your former authenticator app was restored',
    ['Pixel', 'removed'],
  ],
  [{ kind: 'wrong_code_burst' }, 'Someone knows your password', ['wrong code']],
  [{ kind: 'codes_held', until }, 'Sign-in codes are paused', ['15 minutes', 'Recovery codes still work']],
  [{ kind: 'codes_closed' }, 'Sign-in codes are closed', ['an administrator opens them']],
  [
    { kind: 'admin_reset', by: 'Bo Berg', reason: 'lost phone' },
    'An administrator reset your two-factor authentication',
    ['Bo Berg', 'lost phone'],
  ],
  [
    { kind: 'recovery_requested', effectiveAt: until, token: 'T' },
    'Recovery of your account was requested',
    [
      '3 May 2026, 10:15 (UTC)',
      'http://localhost:3000/recover/cancel?token=T',
      'somebody knows your password',
    ],
  ],
  [
    { kind: 'recovery_cancelled', by: 'sign-in' },
    'Recovery of your account was cancelled',
    ['You signed in with your second step'],
  ],
  [{ kind: 'recovery_refused' }, 'Recovery of your account was refused', ['has not changed']],
  [
    { kind: 'temporary_pass', by: 'Bo Berg, Cy Clark', reason: 'met in person', until, token: 'T' },
    'An administrator reset your two-factor authentication',
    [
      'Bo Berg, Cy Clark',
      'met in person',
      'Works until: 3 May 2026, 10:15 (UTC)',
      'http://localhost:3000/temporary-pass?token=T',
    ],
  ],
];
