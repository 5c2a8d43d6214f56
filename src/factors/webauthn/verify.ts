import { X509Certificate } from 'node:crypto';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { algorithmOf } from './public-key.ts';
import type { Assertion, Attestation } from './read-credential.ts';
import { ALGORITHMS, type KeyData } from './rules.ts';

// The library is loaded when the first key answers: most starts never need its 27 MB.

/** What every answer must match (R18); from the configuration, never from the request. */
export interface Expected {
  /** base64url */
  readonly challenge: string;
  readonly origin: string;
  readonly rpId: string;
}

export interface NewKey {
  /** Credential id, base64url. */
  readonly id: string;
  readonly counter: number;
  readonly data: KeyData;
  /** The certificates with which its maker vouches for it, its own first; null where nobody was asked, or nobody does. */
  readonly attestation: readonly X509Certificate[] | null;
}

/** Formats in which a maker vouches for a key: security keys, Windows Hello. Others are not among what FIDO certifies. */
const ATTESTED: readonly unknown[] = ['packed', 'tpm'];

/**
 * WebAuthn L3, section 7.1. Null for whatever doesn't match; which part it was is nobody's business. `attested`: we asked
 * who made it, so certificates are looked at; whether they lead to anybody is for the caller to judge (R23).
 */
export async function verifyAttestation(
  answer: Attestation,
  expected: Expected,
  { attested }: { readonly attested: boolean },
): Promise<NewKey | null> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const { decodeAttestationObject, decodeCredentialPublicKey } = await import(
    '@simplewebauthn/server/helpers'
  );
  const { response } = answer;
  try {
    if (!isOwnFrame(response.clientDataJSON)) return null;
    const statement = decodeAttestationObject(Buffer.from(response.attestationObject, 'base64url'));
    // Where none was asked for, none is read. Nor any of which the library would look for the roots itself: it could be
    // made to fetch what certificates name.
    const format = statement.get('fmt');
    const x5c = statement.get('attStmt').get('x5c');
    const anonymous = format === 'none' || (format === 'packed' && !x5c);
    if (!anonymous && !(attested && x5c && ATTESTED.includes(format))) return null;
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: answer as unknown as RegistrationResponseJSON,
      expectedChallenge: expected.challenge,
      expectedOrigin: expected.origin,
      expectedRPID: expected.rpId,
      requireUserVerification: false,
      supportedAlgorithmIDs: [...ALGORITHMS],
    });
    if (!verified || registrationInfo.credential.id !== answer.id) return null;
    const publicKey = decodeCredentialPublicKey(registrationInfo.credential.publicKey);
    const alg = algorithmOf(publicKey as unknown as ReadonlyMap<number, unknown>);
    if (alg === null) return null;
    const { credential, aaguid, userVerified, credentialDeviceType, credentialBackedUp } = registrationInfo;
    return {
      id: credential.id,
      counter: credential.counter,
      data: {
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        alg,
        transports: response.transports,
        aaguid,
        rpId: expected.rpId,
        verifies: userVerified,
        backupEligible: credentialDeviceType === 'multiDevice',
        backedUp: credentialBackedUp,
        discoverable: answer.clientExtensionResults.credProps?.rk ?? null,
      },
      attestation: x5c ? x5c.map((der) => new X509Certificate(der)) : null,
    };
  } catch {
    return null;
  }
}

export interface Asserted {
  readonly counter: number;
  readonly userVerified: boolean;
  readonly backedUp: boolean;
}

/** WebAuthn L3, section 7.2, but for the counter, which only counts once the signature is right (R20). Null: refused. */
export async function verifyAssertion(
  answer: Assertion,
  expected: Expected,
  key: KeyData,
  { userVerification }: { userVerification: boolean },
): Promise<Asserted | null> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  try {
    if (!isOwnFrame(answer.response.clientDataJSON)) return null;
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer as unknown as AuthenticationResponseJSON,
      expectedChallenge: expected.challenge,
      expectedOrigin: expected.origin,
      expectedRPID: expected.rpId,
      requireUserVerification: userVerification,
      credential: {
        id: answer.id,
        publicKey: new Uint8Array(Buffer.from(key.publicKey, 'base64url')),
        // Not the stored one: the library would refuse before it has looked at the signature.
        counter: 0,
      },
    });
    if (!verified) return null;
    const { newCounter, userVerified, credentialDeviceType, credentialBackedUp } = authenticationInfo;
    // Whether it may be copied is fixed when it is made (L3 7.2, step 18).
    if ((credentialDeviceType === 'multiDevice') !== key.backupEligible) return null;
    return { counter: newCounter, userVerified, backedUp: credentialBackedUp };
  } catch {
    return null;
  }
}

/** We never ask inside somebody else's page; an older browser names only one of the two. @throws {SyntaxError} */
function isOwnFrame(clientData: string): boolean {
  const { crossOrigin, topOrigin } = JSON.parse(Buffer.from(clientData, 'base64url').toString());
  return (crossOrigin === undefined || crossOrigin === false) && topOrigin === undefined;
}
