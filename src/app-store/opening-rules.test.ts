import { expect, test } from 'vitest';
import { openingOf } from './opening-rules.ts';

test('before a web app opens it says which factor it will ask for', () => {
  expect(openingOf('pwd', 'pwd', [])).toEqual({ kind: 'nothing' });
  expect(openingOf('mfa', 'phr', ['webauthn'])).toEqual({ kind: 'nothing' });
  expect(openingOf('mfa', 'pwd', ['sms', 'totp'])).toEqual({ kind: 'factor', method: 'sms' });
  expect(openingOf('mfa', 'pwd', [])).toEqual({ kind: 'enrol' });
  expect(openingOf('phr', 'mfa', ['totp', 'webauthn'])).toEqual({ kind: 'factor', method: 'webauthn' });
  expect(openingOf('phr', 'mfa', ['totp'])).toEqual({ kind: 'key' });
  expect(openingOf('phr', 'phr', [])).toEqual({ kind: 'nothing' });
});
