import { createPublicKey, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { ExternalSigningKey } from 'oidc-provider';
import { type PrivateJwk, toKeyObject } from '../kit/key-pair.ts';
import { yieldToRequests } from '../kit/worker-priority.ts';
import type { Library } from './library.ts';

const signed = promisify(sign);

/**
 * A key that the library asks to sign, instead of the private key itself: parsed once, and past its way through JOSE and
 * WebCrypto. A signature is made in a thread; those threads let requests go first, which would otherwise stand still
 * with every signature that one of them begins.
 */
export function signerOf({ ExternalSigningKey }: Library, jwk: PrivateJwk): ExternalSigningKey {
  const key = toKeyObject(jwk);
  const open = createPublicKey(key);
  // RFC 7518 section 3.4: both halves side by side, not in ASN.1. Of an RSA key there is nothing to say, and an object around
  // it is three times as long to take apart as the key alone.
  const way = key.asymmetricKeyType === 'ec' ? ({ key, dsaEncoding: 'ieee-p1363' } as const) : key;

  class Signer extends ExternalSigningKey {
    override keyObject() {
      return open;
    }

    override async sign(data: Uint8Array): Promise<Buffer> {
      try {
        return await signed('sha256', data, way);
      } finally {
        yieldToRequests();
      }
    }
  }
  return Object.assign(new Signer(), { kid: jwk.kid, alg: jwk.alg });
}
