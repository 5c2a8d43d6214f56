import { sealKey } from '../../src/factors/webauthn/keys.ts';
import type { KeyData } from '../../src/factors/webauthn/rules.ts';
import { toBase32 } from '../../src/kit/encoding.ts';
import { newId } from '../../src/kit/random.ts';
import { rowOwner } from '../../src/kit/seal.ts';
import { challengeOf, coseKeyOf, credentialIdOf } from './keys.ts';
import { accountIdOf, phoneOf, secretOf } from './people.ts';
import type { House, Row } from './seed.ts';

// The factors of person n as the product would have stored them, sealed by its own code.

/** Used before: one that never was, and comes without recovery codes, was imported, and its first use sends a mail. */
export function appOf(n: number, { seal, random, now }: House): Row<'factor'> {
  const { id, account_id } = ids(n, random);
  const sealed_data = seal.seal('totp', rowOwner(account_id, id), toBase32(secretOf(n)));
  const factor = { id, account_id, kind: 'totp', label: 'Authenticator app', sealed_data };
  return { ...factor, external_id: null, created_at: now, last_used_at: now };
}

export function phoneFactorOf(n: number, { seal, random, now }: House): Row<'factor'> {
  const { id, account_id } = ids(n, random);
  const sealed_data = seal.seal('sms', rowOwner(account_id, id), phoneOf(n));
  const factor = { id, account_id, kind: 'sms', label: 'Phone', sealed_data };
  return { ...factor, external_id: null, created_at: now };
}

export function keyFactorOf(n: number, { seal, random, now }: House): Row<'factor'> {
  const { id, account_id } = ids(n, random);
  const sealed_data = sealKey({ seal }, account_id, id, keyDataOf(n));
  const factor = { id, account_id, kind: 'webauthn', label: 'Key', sealed_data };
  return { ...factor, external_id: credentialIdOf(n), created_at: now };
}

export function keyDataOf(n: number): KeyData {
  return {
    publicKey: coseKeyOf(n).toString('base64url'),
    alg: -7,
    transports: ['internal'],
    aaguid: '00000000-0000-0000-0000-000000000000',
    rpId: 'localhost',
    verifies: true,
    backupEligible: false,
    backedUp: false,
    discoverable: true,
  };
}

/** The page of the second step has been looked at: the key's answer is awaited. */
export function keyChallengeOf(
  n: number,
  pending: Pick<Row<'pending_sign_in'>, 'id' | 'expires_at'>,
  { seal, random, now }: House,
): Row<'factor_challenge'> {
  const { id, account_id } = ids(n, random);
  const challenge = JSON.stringify({ challenge: challengeOf(n) });
  return {
    id,
    account_id,
    holder_id: pending.id,
    kind: 'webauthn',
    purpose: 'sign-in',
    sealed_data: seal.seal('challenge', `${account_id}/${id}`, challenge),
    created_at: now,
    expires_at: pending.expires_at,
  };
}

function ids(n: number, random: House['random']) {
  return { id: newId(random), account_id: accountIdOf(n) };
}
