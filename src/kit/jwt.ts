import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { type PrivateJwk, toKeyObject } from './key-pair.ts';

type Claims = Readonly<Record<string, unknown>>;

/** A key is parsed once; what a process signs with in its life are a handful. */
const parsed = new WeakMap<PrivateJwk, { readonly own: KeyObject; readonly open: KeyObject }>();

function keysOf(jwk: PrivateJwk) {
  const known = parsed.get(jwk);
  if (known) return known;
  const own = toKeyObject(jwk);
  const pair = { own, open: createPublicKey(own) };
  parsed.set(jwk, pair);
  return pair;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
/** ECDSA signatures as JWS wants them (RFC 7518, 3.4); RSA doesn't look at it. */
const JWS = { dsaEncoding: 'ieee-p1363' as const };

/** RS256 or ES256, as the key says. `typ` stands in the header: a token of one kind is none of another (RFC 8725, 3.11). */
export function signJwt(jwk: PrivateJwk, typ: string, claims: Claims): string {
  const data = `${encode({ alg: jwk.alg, kid: jwk.kid, typ })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(data), { key: keysOf(jwk).own, ...JWS });
  return `${data}.${signature.toString('base64url')}`;
}

/**
 * The claims, if one of these keys has signed them with its own algorithm; else null. Times, issuer and audience are the
 * caller's to look at.
 */
export function verifyJwt(jwks: readonly PrivateJwk[], token: string): Claims | null {
  const [head = '', body = '', signature = '', ...rest] = token.split('.');
  const header = parse(head);
  const jwk = jwks.find(({ kid, alg }) => kid === header?.['kid'] && alg === header['alg']);
  if (!jwk || rest.length > 0) return null;
  const key = { key: keysOf(jwk).open, ...JWS };
  const right = verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'));
  return right ? parse(body) : null;
}

function parse(part: string): Claims | null {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown;
    return typeof value === 'object' && value !== null ? (value as Claims) : null;
  } catch {
    return null;
  }
}
