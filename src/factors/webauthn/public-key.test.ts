import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { algorithmOf } from './public-key.ts';

const bytes = (text: string | undefined) => new Uint8Array(Buffer.from(text ?? '', 'base64url'));

function jwkOf(pair: { publicKey: { export(as: { format: 'jwk' }): JsonWebKey } }): JsonWebKey {
  return pair.publicKey.export({ format: 'jwk' });
}

const ec = jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const ed = jwkOf(generateKeyPairSync('ed25519'));
const rsa = jwkOf(generateKeyPairSync('rsa', { modulusLength: 2048 }));

/** RFC 9053: the labels of a COSE key. */
type Cose = [label: number, value: unknown][];
const EC: Cose = [
  [1, 2],
  [3, -7],
  [-1, 1],
  [-2, bytes(ec.x)],
  [-3, bytes(ec.y)],
];
const ED: Cose = [
  [1, 1],
  [3, -8],
  [-1, 6],
  [-2, bytes(ed.x)],
];
const RSA: Cose = [
  [1, 3],
  [3, -257],
  [-1, bytes(rsa.n)],
  [-2, bytes(rsa.e)],
];

/** The key with something in it changed; `undefined` takes it out. */
function changed(key: Cose, label: number, value: unknown): ReadonlyMap<number, unknown> {
  const map = new Map(key);
  if (value === undefined) map.delete(label);
  else map.set(label, value);
  return map;
}

describe('R18: the public key of a new credential', () => {
  test.each([
    [-7, EC],
    [-8, ED],
    [-257, RSA],
  ])('algorithm %i, whole, is accepted', (alg, key) => {
    expect(algorithmOf(new Map(key))).toBe(alg);
  });

  test('cut short, too long, of another curve or not on it, it is none', () => {
    const x = bytes(ec.x);
    const off = Uint8Array.from(x, (byte, index) => (index === 31 ? byte ^ 1 : byte));
    for (const [label, value] of [
      [-2, x.slice(0, 16)],
      [-2, Uint8Array.from([...x, 0])],
      [-2, Uint8Array.from([0, ...x])],
      [-2, off],
      [-2, undefined],
      [-2, ec.x],
      [-3, bytes(ec.y).slice(0, 31)],
      [-3, undefined],
      [-1, 2],
      [-1, undefined],
    ] as const)
      expect(algorithmOf(changed(EC, label, value)), `${label} ${value}`).toBeNull();
    for (const [label, value] of [
      [-2, bytes(ed.x).slice(0, 31)],
      [-2, undefined],
      [-1, 7],
    ] as const)
      expect(algorithmOf(changed(ED, label, value)), `${label} ${value}`).toBeNull();
    for (const label of [-1, -2]) expect(algorithmOf(changed(RSA, label, undefined)), `${label}`).toBeNull();
  });

  test('its algorithm is the one of its kind, and one of those that we accept', () => {
    for (const key of [EC, ED, RSA])
      for (const alg of [undefined, '-7', -7, -8, -257, -35, -65535, 0]) {
        const own = new Map(key).get(3);
        expect(algorithmOf(changed(key, 3, alg)), `${alg}`).toBe(alg === own ? own : null);
      }
    for (const kind of [undefined, 0, 4, '2'])
      expect(algorithmOf(changed(EC, 1, kind)), `${kind}`).toBeNull();
    expect(algorithmOf(new Map())).toBeNull();
  });

  test('an RSA key of fewer than 2048 bits is refused, and one whose signatures anybody could write', () => {
    const short = jwkOf(generateKeyPairSync('rsa', { modulusLength: 2040 }));
    expect(algorithmOf(changed(RSA, -1, bytes(short.n)))).toBeNull();
    for (const exponent of [[], [0], [1]])
      expect(algorithmOf(changed(RSA, -2, Uint8Array.from(exponent))), `${exponent}`).toBeNull();
    expect(algorithmOf(changed(RSA, -2, Uint8Array.from([3])))).toBe(-257);
  });
});
