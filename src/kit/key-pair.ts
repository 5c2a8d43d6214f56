import { createPrivateKey, generateKeyPair, hash, type JsonWebKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

export type SigningAlg = 'RS256' | 'ES256';

/** A private key as a JSON Web Key, named by its thumbprint (RFC 7638). */
export interface PrivateJwk extends JsonWebKey {
  readonly kid: string;
  readonly alg: SigningAlg;
  readonly use: 'sig';
}

const generate = promisify(generateKeyPair);

/** RSA takes some hundred milliseconds, in a thread of its own. */
export async function newSigningKey(alg: SigningAlg): Promise<PrivateJwk> {
  const { privateKey } =
    alg === 'RS256'
      ? await generate('rsa', { modulusLength: 2048 })
      : await generate('ec', { namedCurve: 'P-256' });
  const jwk = privateKey.export({ format: 'jwk' });
  return { ...jwk, kid: thumbprint(jwk), alg, use: 'sig' };
}

export function toKeyObject(jwk: PrivateJwk): KeyObject {
  return createPrivateKey({ key: jwk, format: 'jwk' });
}

/** The members that RFC 7638 section 3.2 names, in its order. */
function thumbprint({ kty, crv, e, n, x, y }: JsonWebKey): string {
  const members = kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y };
  return hash('sha256', JSON.stringify(members), 'base64url');
}
