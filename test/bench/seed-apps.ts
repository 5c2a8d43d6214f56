import { hash } from 'node:crypto';
import { tokenHash } from '../../src/kit/encoding.ts';
import { accessTokenOf, accountIdOf, app, codeForAppOf } from './people.ts';
import type { House, Row } from './seed.ts';

// An app, and what the product would have stored when person n allowed it and was sent back with a code.

const HOUR = 3600_000;

export function appRow({ now }: House): Row<'client'> {
  return {
    id: app.id,
    kind: 'oidc',
    name: 'Bench',
    description: '',
    home_url: null,
    secret_hash: tokenHash(app.secret),
    redirect_uris: JSON.stringify([app.redirectUri]),
    post_logout_redirect_uris: '[]',
    backchannel_logout_uri: null,
    origin: null,
    acr: 'mfa',
    scopes: '',
    created_at: now,
    secret_changed_at: now,
  };
}

export function grantOf(n: number, session_id: string, { now }: House): Row<'oidc_grant'> {
  const account_id = accountIdOf(n);
  const scope = 'openid profile email';
  const given = { id: `grant${n}`, account_id, client_id: app.id, session_id, offline: 0, scope, claims: '' };
  return { ...given, created_at: now, expires_at: now + 12 * HOUR };
}

/** Good for longer than a code is, so that the run doesn't outlive what it redeems. */
export function tokensOf(n: number, session_id: string, { seal, now }: House): Row<'oidc_token'>[] {
  const account_id = accountIdOf(n);
  const seconds = Math.floor(now / 1000);
  const common = {
    accountId: account_id,
    clientId: app.id,
    grantId: `grant${n}`,
    sessionUid: session_id,
    scope: 'openid profile email',
    iat: seconds,
    exp: seconds + 12 * 3600,
  };
  const said = {
    AuthorizationCode: {
      ...common,
      kind: 'AuthorizationCode',
      acr: 'mfa',
      amr: ['pwd', 'otp', 'mfa'],
      authTime: seconds,
      codeChallenge: hash('sha256', app.verifier, 'base64url'),
      codeChallengeMethod: 'S256',
      redirectUri: app.redirectUri,
      nonce: 'nonce',
      sid: `sid${n}`,
    },
    AccessToken: { ...common, kind: 'AccessToken', gty: 'authorization_code' },
  };
  return (['AuthorizationCode', 'AccessToken'] as const).map((kind) => {
    const token = tokenHash(kind === 'AccessToken' ? accessTokenOf(n) : codeForAppOf(n));
    return {
      hash: token,
      kind,
      client_id: app.id,
      account_id,
      grant_id: `grant${n}`,
      session_id,
      sealed: seal.seal('oidc', token, JSON.stringify(said[kind])),
      created_at: now,
      expires_at: now + 12 * HOUR,
      consumed_at: null,
    };
  });
}
