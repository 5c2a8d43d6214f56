import { expect, test } from 'vitest';
import { PATHS } from '../../src/oidc/paths.ts';
import { CALLBACK, registerApp } from '../kit/relying-party.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const house = sharedHouse();

/** What Java's own HTTP client says that it accepts, and a browser. */
const ACCEPTS = [
  'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2',
  'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'text/html, application/json;q=0.5',
  'application/json',
];

async function asked(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const { clientId, clientSecret } = await registerApp(house);
  const answer = await house.app.server.inject({
    method: 'POST',
    url: path,
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    payload: new URLSearchParams(fields).toString(),
  });
  return { status: answer.statusCode, type: answer.headers['content-type'], body: answer.json() };
}

test.each(ACCEPTS)('RFC 6749, 5.2: to whoever accepts "%s" an error is JSON all the same', async (accept) => {
  const redeemed = {
    grant_type: 'authorization_code',
    code: 'x',
    redirect_uri: CALLBACK,
    code_verifier: 'v'.repeat(43),
  };
  const cases = [
    [PATHS.token, redeemed, 400, 'invalid_grant'],
    [PATHS.introspection, {}, 400, 'invalid_request'],
    [PATHS.revocation, {}, 400, 'invalid_request'],
  ] as const;
  for (const [path, fields, status, error] of cases) {
    const answer = await asked(path, fields, { accept });
    expect(answer, path).toMatchObject({ status, body: { error } });
    expect(answer.type, path).toContain('application/json');
  }
  const about = await asked(PATHS.userinfo, { access_token: 'x' }, { accept, authorization: '' });
  expect(about).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
});

test('RFC 6749, 5.2: an app that asks for a token of its own is no program: unauthorized_client', async () => {
  const answer = await asked(PATHS.token, { grant_type: 'client_credentials' });
  expect(answer).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } });
  const unknown = await asked(PATHS.token, { grant_type: 'password', username: 'ann', password: 'x' });
  expect(unknown).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } });
});
