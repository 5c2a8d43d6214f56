import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { userHandleOf } from '../../src/factors/webauthn/rules.ts';
import { accountIdOf, derive } from './people.ts';

// The security keys of all these people, made of software: a few key pairs, since making one costs more than using it,
// but a credential of everybody's own.

const PAIRS = 64;
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;

interface Pair {
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** The public one, as the product stores it. */
  cose: Buffer;
}

const pairs: Pair[] = [];

function pairOf(n: number): Pair {
  const number = n % PAIRS;
  pairs[number] ??= makePair(number);
  return pairs[number];
}

function makePair(number: number): Pair {
  const d = derive('key pair', number);
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(d);
  const point = ecdh.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)];
  const text = (bytes: Buffer) => bytes.toString('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', d: text(d), x: text(x), y: text(y) };
  // RFC 9053, section 7.1: {1: EC2, 3: ES256, -1: P-256, -2: x, -3: y}
  const cose = Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    x,
    Buffer.from('225820', 'hex'),
    y,
  ]);
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  return { privateKey, publicKey: createPublicKey(privateKey), cose };
}

export const publicKeyOf = (n: number): KeyObject => pairOf(n).publicKey;
export const coseKeyOf = (n: number): Buffer => pairOf(n).cose;

export const credentialIdOf = (n: number): string => derive('credential', n).toString('base64url');

/** What person n was asked at the second step. */
export const challengeOf = (n: number): string => derive('challenge', n).toString('base64url');

const head = Buffer.concat([
  createHash('sha256').update('localhost').digest(),
  // The counter stays 0, as that of a passkey does: so that a person can answer again.
  Buffer.from([USER_PRESENT | USER_VERIFIED, 0, 0, 0, 0]),
]);

/** The parts of person n's answer, and what its signature is over (WebAuthn L3, section 6.3.3). */
export function signedBy(n: number, challenge: string, origin: string) {
  const clientData = Buffer.from(
    JSON.stringify({ type: 'webauthn.get', challenge, origin, crossOrigin: false }),
  );
  const signed = Buffer.concat([head, createHash('sha256').update(clientData).digest()]);
  return { clientData, signed, signature: sign('sha256', signed, pairOf(n).privateKey) };
}

/** The JSON of what `navigator.credentials.get` gives. */
export function answerOf(n: number, challenge: string, origin: string): string {
  const { clientData, signature } = signedBy(n, challenge, origin);
  const id = credentialIdOf(n);
  return JSON.stringify({
    id,
    rawId: id,
    type: 'public-key',
    response: {
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: head.toString('base64url'),
      signature: signature.toString('base64url'),
      userHandle: userHandleOf(accountIdOf(n)),
    },
    clientExtensionResults: {},
    authenticatorAttachment: 'platform',
  });
}
