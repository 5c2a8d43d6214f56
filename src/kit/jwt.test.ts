import { describe, expect, test } from 'vitest';
import { signJwt, verifyJwt } from './jwt.ts';
import { newSigningKey } from './key-pair.ts';

describe.each(['RS256', 'ES256'] as const)('%s', async (alg) => {
  const [key, other] = [await newSigningKey(alg), await newSigningKey(alg)];
  const claims = { sub: 'ann', aud: 'wiki' };
  const token = signJwt(key, 'JWT', claims);

  test('what one of the keys has signed is read', () => {
    expect(verifyJwt([other, key], token)).toEqual(claims);
  });

  test('a change, another key, another algorithm, none, or no token at all is not', () => {
    const [head, body, signature] = token.split('.') as [string, string, string];
    const forged = (header: object) =>
      `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${body}.${signature}`;
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'eve' })).toString('base64url');
    for (const wrong of [
      `${head}.${changed}.${signature}`,
      `${head}.${body}.`,
      `${head}.${body}`,
      `${token}.${signature}`,
      forged({ alg: 'none', kid: key.kid }),
      forged({ alg: 'HS256', kid: key.kid }),
      forged({ alg, kid: other.kid }),
      forged({ alg }),
      'x.y.z',
      '',
    ])
      expect(verifyJwt([key, other], wrong), wrong).toBe(null);
    expect(verifyJwt([other], token)).toBe(null);
  });
});
