import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { algorithmOf } from './public-key.ts';
import { readAttestation } from './read-credential.ts';
import { amrOf, distinctLabel, judgeCounter, rpIdOf, userHandleOf } from './rules.ts';

test.each([
  ['http://localhost:3000', 'localhost'],
  ['https://id.example.org', 'id.example.org'],
  ['https://id.example.org:8443', 'id.example.org'],
  ['https://192.0.2.7', null],
  ['https://[2001:db8::1]', null],
  ['https://xn--bcher-kva.example', 'xn--bcher-kva.example'],
])('the relying party of %s is %s', (baseUrl, rpId) => {
  expect(rpIdOf(baseUrl)).toBe(rpId);
});

test.each([
  [0, 0, 'steady'],
  [0, 1, 'risen'],
  [5, 6, 'risen'],
  [5, 5, 'fallen'],
  [5, 4, 'fallen'],
  [5, 0, 'fallen'],
] as const)('a counter that goes from %i to %i is %s (R20)', (stored, sent, verdict) => {
  expect(judgeCounter(stored, sent)).toBe(verdict);
});

test('the user handle is the same for ever, another for each account, and not the account’s id', () => {
  const id = 'a'.repeat(32);
  expect(userHandleOf(id)).toBe(userHandleOf(id));
  expect(userHandleOf(id)).not.toBe(userHandleOf('b'.repeat(32)));
  expect(Buffer.from(userHandleOf(id), 'base64url')).toHaveLength(32);
  expect(userHandleOf(id)).not.toContain(id);
});

test('a synced key is software, any other hardware', () => {
  expect(amrOf({ backupEligible: true })).toEqual(['swk', 'user']);
  expect(amrOf({ backupEligible: false })).toEqual(['hwk', 'user']);
});

test('the second of a model is numbered', () => {
  expect(distinctLabel('Key', [])).toBe('Key');
  expect(distinctLabel('Key', ['Key', 'Key 2'])).toBe('Key 3');
});

describe('public keys', () => {
  const bytes = (text: string | undefined) => Buffer.from(text ?? '', 'base64url');
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const ed = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const rsa = (modulusLength: number) =>
    generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' });
  const ecKey = (alg: number, x: Buffer, y: Buffer) =>
    new Map<number, unknown>([
      [1, 2],
      [3, alg],
      [-1, 1],
      [-2, x],
      [-3, y],
    ]);
  const rsaKey = ({ n, e }: { n?: string; e?: string }) =>
    new Map<number, unknown>([
      [1, 3],
      [3, -257],
      [-1, bytes(n)],
      [-2, bytes(e)],
    ]);

  test('of the three kinds that we ask for', () => {
    expect(algorithmOf(ecKey(-7, bytes(ec.x), bytes(ec.y)))).toBe(-7);
    expect(algorithmOf(rsaKey(rsa(2048)))).toBe(-257);
    const okp = new Map<number, unknown>([
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, bytes(ed.x)],
    ]);
    expect(algorithmOf(okp)).toBe(-8);
  });

  test('and none that is short, off the curve, or says to be another', () => {
    const y = bytes(ec.y);
    expect(algorithmOf(ecKey(-7, bytes(ec.x), y.subarray(0, 31)))).toBeNull();
    expect(algorithmOf(ecKey(-7, bytes(ec.x), Buffer.alloc(32, 1)))).toBeNull();
    expect(algorithmOf(ecKey(-257, bytes(ec.x), y))).toBeNull();
    expect(algorithmOf(ecKey(-35, bytes(ec.x), y))).toBeNull();
    expect(algorithmOf(rsaKey(rsa(1024)))).toBeNull();
    expect(algorithmOf(new Map())).toBeNull();
  });
});

test('an answer of a browser that names no transports and no properties is one', () => {
  const text = JSON.stringify({
    id: 'AA',
    rawId: 'AA',
    type: 'public-key',
    response: { clientDataJSON: 'AA', attestationObject: 'AA' },
  });
  expect(readAttestation(text)).toMatchObject({ response: { transports: [] }, clientExtensionResults: {} });
});
