import { FIELDS, HEADERS, NASTY, TYPES } from '../kit/attack-requests.ts';
import { Authenticator } from '../kit/authenticator.ts';
import type { Chance } from './chance.ts';
import { mutateBytes } from './chance.ts';

export interface Visitor {
  readonly cookies: ReadonlyMap<string, string>;
  /** What such a person would type, by the name of the field: true, and secret. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer | null;
}

const METHODS = ['GET', 'POST', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const MORE_FIELDS = [
  'phone',
  'country',
  'decision',
  'reason',
  'client_id',
  'client_secret',
  'redirect_uri',
  'grant_type',
  'code_verifier',
  'refresh_token',
  'scope',
  'state',
  'nonce',
  'prompt',
  'max_age',
  'acr_values',
  'claims',
  'id_token_hint',
  'request',
  'response_type',
  'code_challenge',
  'code_challenge_method',
  'roles',
  'group',
  'from',
];
const NAMES = [...FIELDS, ...MORE_FIELDS];
const JWTS = [
  'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.',
  'eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJzdWIiOiJhbm4iLCJleHAiOjF9.c2ln',
  'a.b.c.d.e',
];
const WORKABLE = [
  'openid profile',
  'code',
  'S256',
  'authorization_code',
  'client_credentials',
  'refresh_token',
  'https://app.example.org/callback',
  'none',
  '{"id_token":{"acr":{"essential":true,"values":["mfa"]}}}',
  '+34600123456',
  'on',
  '0',
  '2026-05-03',
];
const key = new Authenticator();
const CREDENTIALS = [
  key.create({ challenge: 'Y2hhbGxlbmdl', user: { id: 'YW5u' } }),
  key.get({ challenge: 'Y2hhbGxlbmdl' }),
];

/** One request to one of these routes: as it should be in most things, and mutated in some. */
export function someRequest(
  chance: Chance,
  routes: readonly { readonly method: string; readonly path: string }[],
  ids: readonly string[],
  { cookies, fields }: Visitor,
): Request {
  const text = (): string => {
    const pick = chance.below(10);
    if (pick < 3) return chance.of(Object.values(fields));
    if (pick < 5) return chance.of(NASTY);
    if (pick < 6) return chance.of(WORKABLE);
    if (pick < 7) return chance.of(JWTS);
    return mutated(chance, chance.of([...Object.values(fields), ...WORKABLE, ...JWTS, ...NASTY]));
  };
  const value = (name: string): string => {
    if (name === 'credential') {
      const whole = chance.of(CREDENTIALS);
      return chance.once(3) ? whole : mutatedCredential(chance, whole);
    }
    return fields[name] !== undefined && !chance.once(3) ? (fields[name] as string) : text();
  };
  const pairs = (most: number): string => {
    const all = new URLSearchParams();
    for (let n = chance.below(most + 1); n > 0; n--) {
      const name = chance.once(20) ? text() : chance.of(NAMES);
      all.append(name, value(name));
    }
    return all.toString();
  };
  const taken = chance.of(routes);
  const method = chance.once(8) ? chance.of(METHODS) : taken.method;
  const reads = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
  const route = taken.path.replace(/:\w+|\{\w+\}/g, () =>
    encodeURIComponent(wellFormed(chance.once(3) ? text() : chance.of(ids))).slice(0, 900),
  );
  const path = chance.once(30) ? mutated(chance, route).replace(/[^\x21-\x7e]/g, '%') : route;
  const query = chance.once(3) ? `?${chance.once(4) ? printable(text()) : pairs(4)}` : '';
  const type = chance.once(3) ? chance.of(TYPES) : route.startsWith('/api/') ? 'application/json' : TYPES[0];
  let body = Buffer.from(type.includes('json') ? JSON.stringify({ [chance.of(NAMES)]: text() }) : pairs(6));
  if (chance.once(4)) body = Buffer.from(mutateBytes(chance, body, [Buffer.from(pairs(3)), body]));
  const cookie = [...cookies].map(([name, one]) => `${name}=${one}`).join('; ');
  const headers: Record<string, string> = {
    origin: 'http://localhost:3000',
    ...(cookie && { cookie: chance.once(12) ? printable(mutated(chance, cookie)) : cookie }),
    ...(reads || type === '' ? {} : { 'content-type': type }),
    ...(chance.once(10) && {
      authorization: `${chance.of(['Bearer', 'Basic', 'bearer'])} ${printable(text())}`,
    }),
    ...chance.of(HEADERS),
  };
  return {
    method,
    path: (path.startsWith('/') ? path : `/${path}`) + query,
    headers,
    body: reads ? null : body,
  };
}

const wellFormed = (some: string) => some.toWellFormed();
/** What Node lets into a header or a request line. */
const printable = (some: string) => some.replace(/[^\x21-\x7e ]/g, '%').slice(0, 6_000);

function mutated(chance: Chance, some: string): string {
  const bytes = Buffer.from(some);
  return mutateBytes(chance, bytes, [bytes]).toString('utf8');
}

/** The bytes inside the base64 of an answer of a key: CBOR, authenticator data, signature, client data. */
function mutatedCredential(chance: Chance, whole: string): string {
  const credential = JSON.parse(whole) as { response: Record<string, unknown> };
  const name = chance.of(Object.keys(credential.response));
  const part = credential.response[name];
  if (typeof part !== 'string') return mutated(chance, whole);
  const bytes = Buffer.from(part, 'base64url');
  credential.response[name] = mutateBytes(chance, bytes, [bytes]).toString('base64url');
  return JSON.stringify(credential);
}

const RAW = [
  'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nx',
  'GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
  'GET /%zz\u0001 HTTP/1.0\r\n\r\n',
].map((text) => Buffer.from(text));

/** Bytes that are hardly HTTP. */
export function someBytes(chance: Chance): Buffer {
  return mutateBytes(chance, chance.of(RAW), RAW);
}
