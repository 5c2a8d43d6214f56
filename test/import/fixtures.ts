import { argon2Sync, pbkdf2Sync } from 'node:crypto';
import { PASSWORD } from '../kit/people.ts';

/** Of PASSWORD, made with bcryptjs. */
export const BCRYPT = '$2b$06$dhj9qWh1z6AFB/nnS0UHt.6HIX6GzjId1aRhJiqdiWPx115.GXKgW';

/** Of PASSWORD, made by @better-auth/utils. */
export const BETTER_AUTH_HASH =
  'ed239a673a9d30f9d464405c65647d1c:547ca4623ecd184d8eac7ea1a396a7f83bbe4ff1ca3c00575ff037cf5eddc61af43b1affc478ec64b27513d68afa80426af1b70a1850343cd798226b7b9c8b7c';

/** Sealed as better-auth does, with its own library. */
export const BETTER_AUTH_APPS = {
  secrets: '2:another-secret-of-version-two,1:better-auth-secret-123456789',
  bare: {
    secret: 'better-auth-secret-123456789',
    sealed:
      '89a3ce2e0d77969e65f4d962350e595315f678c443cfafb8c1f92cc26e4f4d3dc85c712a8ccb900ccd19226fb6b3aad7145e74007705f34fe9bc1fe35a04a7dd0485fa4bee19c894',
    text: 'Jx3kQ9vLr2TzWm7PbYc5NhGd8Sf4Ae6U',
  },
  versioned: {
    sealed:
      '$ba$2$d2909ddc53978781e9b48b7fc9ed9cce36c13580916e7640258cb54953a8347ca5ee6374e5ee73cb50f10500051e0a778ce847a1f1fc11bbd8ca36702d9d0ee98c1b60bd803a4cce',
    text: 'Qw8ErTy2UiOp5AsDf7GhJk3LzXc9VbNm',
  },
} as const;

const SALT = Buffer.from('a salt of sixteen');

/** A password as Keycloak exports it, by each of its algorithms. */
export function keycloakPassword(algorithm: 'pbkdf2' | 'pbkdf2-sha256' | 'pbkdf2-sha512' | 'argon2') {
  const digest =
    algorithm === 'argon2'
      ? argon2Sync('argon2id', {
          message: PASSWORD,
          nonce: SALT,
          parallelism: 1,
          tagLength: 32,
          memory: 7168,
          passes: 5,
        })
      : pbkdf2Sync(
          PASSWORD,
          SALT,
          2000,
          64,
          { pbkdf2: 'sha1', 'pbkdf2-sha256': 'sha256' }[algorithm as string] ?? 'sha512',
        );
  const data =
    algorithm === 'argon2'
      ? {
          hashIterations: 5,
          algorithm,
          additionalParameters: {
            hashLength: ['32'],
            memory: ['7168'],
            type: ['id'],
            version: ['1.3'],
            parallelism: ['1'],
          },
        }
      : { hashIterations: 2000, algorithm, additionalParameters: {} };
  return {
    id: 'c1',
    type: 'password',
    createdDate: 1735995502485,
    secretData: JSON.stringify({
      value: digest.toString('base64'),
      salt: SALT.toString('base64'),
      additionalParameters: {},
    }),
    credentialData: JSON.stringify(data),
  };
}

/** An authenticator app as Keycloak exports it. */
export function keycloakApp(value: string, data: Record<string, unknown> = {}, userLabel = 'Pixel') {
  return {
    id: 'c2',
    type: 'otp',
    userLabel,
    createdDate: 1735995502485,
    secretData: JSON.stringify({ value }),
    credentialData: JSON.stringify({
      subType: 'totp',
      digits: 6,
      counter: 0,
      period: 30,
      algorithm: 'HmacSHA1',
      ...data,
    }),
  };
}
