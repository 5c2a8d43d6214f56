import { describe, expect, test } from 'vitest';
import type { Account } from '../../accounts/account.ts';
import { MINUTE } from '../../kit/clock.ts';
import { systemRandom } from '../../kit/random.ts';
import type { FactorRow } from '../factor.ts';
import { CHALLENGE_LIFETIME, creationOptions, isYoung, newChallenge, requestOptions } from './ask.ts';
import type { Key } from './keys.ts';
import { ALGORITHMS, type KeyData, userHandleOf } from './rules.ts';

const NOW = 1_700_000_000_000;
const asking = { challenge: 'Y2hhbGxlbmdl', expiresAt: NOW + 2 * MINUTE };
const key: Key = {
  factor: { external_id: 'a-key' } as FactorRow,
  data: { transports: ['usb', 'nfc'] } as unknown as KeyData,
};
const ann = { id: 'a1', email: 'ann@example.org', name: 'Ann Example' } as Account;

describe('what a browser is asked to sign', () => {
  test('R17: 32 bytes, never the same, and renewed from the half of its five minutes on', () => {
    const [one, two] = [newChallenge({ random: systemRandom }), newChallenge({ random: systemRandom })];
    expect(Buffer.from(one, 'base64url')).toHaveLength(32);
    expect(one).not.toBe(two);
    expect(CHALLENGE_LIFETIME).toBe(5 * MINUTE);
    expect(isYoung({ expiresAt: NOW + 2.5 * MINUTE + 1 }, NOW)).toBe(true);
    expect(isYoung({ expiresAt: NOW + 2.5 * MINUTE }, NOW)).toBe(false);
  });

  test('R19: as a second step one of one’s own keys, with a PIN where it has one', () => {
    expect(requestOptions(asking, 'id.example.org', NOW, [key])).toEqual({
      challenge: asking.challenge,
      rpId: 'id.example.org',
      timeout: 2 * MINUTE,
      userVerification: 'preferred',
      allowCredentials: [{ type: 'public-key', id: 'a-key', transports: ['usb', 'nfc'] }],
    });
  });

  test('R19: as a passkey any one, but none that has not verified its person', () => {
    const options = requestOptions(asking, 'id.example.org', NOW, null);
    expect(options).toMatchObject({ userVerification: 'required', timeout: 2 * MINUTE });
    expect(options).not.toHaveProperty('allowCredentials');
  });

  test('a new key is one that the person has not added yet, by an algorithm that we know, and no name in it is an id', () => {
    const rp = { id: 'id.example.org', name: 'Acme' };
    const options = creationOptions(asking, rp, ann, [key], { now: NOW, attested: false });
    expect(options).toEqual({
      challenge: asking.challenge,
      rp,
      user: { id: userHandleOf('a1'), name: 'ann@example.org', displayName: 'Ann Example' },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
      timeout: 2 * MINUTE,
      attestation: 'none',
      excludeCredentials: [{ type: 'public-key', id: 'a-key', transports: ['usb', 'nfc'] }],
      // A key that can make no passkey is welcome as a second step.
      authenticatorSelection: {
        residentKey: 'preferred',
        requireResidentKey: false,
        userVerification: 'preferred',
      },
      extensions: { credProps: true },
    });
  });

  test('R23: who made it is asked only where that matters', () => {
    const rp = { id: 'id.example.org', name: 'Acme' };
    const options = creationOptions(asking, rp, ann, [], { now: NOW, attested: true });
    expect([options.attestation, options.excludeCredentials]).toEqual(['direct', []]);
  });
});
