import { createPublicKey, type JsonWebKey } from 'node:crypto';

/** RFC 9053, sections 2.1, 7.1, 7.2; RFC 8230, section 4: labels and values of COSE keys. */
const [KTY, ALG, CRV, X, Y, N, E] = [1, 3, -1, -2, -3, -1, -2];
const [OKP, EC2, RSA] = [1, 2, 3];
const [P256, ED25519] = [1, 6];
const FEWEST_RSA_BITS = 2048;
/** With none, or with 1, the signature would be the message itself. */
const LEAST_RSA_EXPONENT = 3n;

/**
 * The algorithm of a COSE key that really is one: an answer that was cut short may still hold half a point, and a key
 * that can never answer would be of no use to anybody. Null otherwise.
 */
export function algorithmOf(key: ReadonlyMap<number, unknown>): number | null {
  const jwk = jwkOf(key);
  if (jwk === null || jwk.alg !== key.get(ALG)) return null;
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: jwk.key, format: 'jwk' });
    const { modulusLength = FEWEST_RSA_BITS, publicExponent = LEAST_RSA_EXPONENT } =
      asymmetricKeyDetails ?? {};
    return modulusLength >= FEWEST_RSA_BITS && publicExponent >= LEAST_RSA_EXPONENT ? jwk.alg : null;
  } catch {
    return null;
  }
}

/** With the one algorithm of its kind that we ask for (`ALGORITHMS`). */
function jwkOf(key: ReadonlyMap<number, unknown>): { alg: number; key: JsonWebKey } | null {
  const text = (label: number, length?: number) => {
    const value = key.get(label);
    if (!(value instanceof Uint8Array) || (length !== undefined && value.length !== length)) return '';
    return Buffer.from(value).toString('base64url');
  };
  switch (key.get(KTY)) {
    case EC2:
      if (key.get(CRV) !== P256) return null;
      return { alg: -7, key: { kty: 'EC', crv: 'P-256', x: text(X, 32), y: text(Y, 32) } };
    case RSA:
      return { alg: -257, key: { kty: 'RSA', n: text(N), e: text(E) } };
    case OKP:
      if (key.get(CRV) !== ED25519) return null;
      return { alg: -8, key: { kty: 'OKP', crv: 'Ed25519', x: text(X, 32) } };
    default:
      return null;
  }
}
