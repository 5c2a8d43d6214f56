import { accessTokenOf, app, codeForAppOf } from './people.ts';
import { expect, type Request, type Routes, type Story } from './requests.ts';

// What apps ask of the protocol's endpoints; of the floor, one signature for as much.

const basic = Buffer.from(`${app.id}:${app.secret}`).toString('base64');

const fields = (person: number): string =>
  new URLSearchParams({
    grant_type: 'authorization_code',
    code: codeForAppOf(person),
    code_verifier: app.verifier,
    redirect_uri: app.redirectUri,
  }).toString();

function ask(
  { host }: Routes,
  label: string,
  method: string,
  path: string,
  auth: string,
  body = '',
): Request {
  const type =
    body && `content-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\n`;
  return {
    label,
    text: `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\naccept: application/json\r\nauthorization: ${auth}\r\n${type}\r\n${body}`,
  };
}

export const appStories = {
  /** A code for tokens: an ID token is signed, an access and a refresh token are stored. */
  *redeem(routes, person) {
    const answer = yield ask(routes, 'token', 'POST', '/oidc/token', `Basic ${basic}`, fields(person));
    expect(answer, 200, `person ${person}, token`);
  },
  *userInfo(routes, person) {
    const answer = yield ask(routes, 'userinfo', 'GET', '/oidc/userinfo', `Bearer ${accessTokenOf(person)}`);
    expect(answer, 200, `person ${person}, userinfo`);
  },
  *signature(routes, person) {
    const answer = yield ask(routes, 'signature', 'POST', '/token', `Basic ${basic}`, fields(person));
    expect(answer, 200, `person ${person}, signature`);
  },
} satisfies Record<string, Story>;
