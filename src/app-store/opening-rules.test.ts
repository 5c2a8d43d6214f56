import { expect, test } from 'vitest';
import { openingOf } from './opening-rules.ts';

const [sms, totp] = [{ kind: 'sms' }, { kind: 'totp' }];
const key = { kind: 'webauthn', phishingResistant: true };

test('before a web app opens it says which factor it will ask for', () => {
  expect(openingOf('pwd', 'pwd', [])).toEqual({ kind: 'nothing' });
  expect(openingOf('mfa', 'phr', [key])).toEqual({ kind: 'nothing' });
  expect(openingOf('mfa', 'pwd', [sms, totp])).toEqual({ kind: 'factor', method: 'sms' });
  expect(openingOf('mfa', 'pwd', [])).toEqual({ kind: 'enrol' });
  expect(openingOf('phr', 'mfa', [totp, key])).toEqual({ kind: 'factor', method: 'webauthn' });
  expect(openingOf('phr', 'mfa', [totp])).toEqual({ kind: 'key' });
  expect(openingOf('phr', 'phr', [])).toEqual({ kind: 'nothing' });
});
