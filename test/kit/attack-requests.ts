import fc from 'fast-check';
import { expect } from 'vitest';
import {
  factorIdOf,
  halfSignedIn,
  planted,
  securityOf,
  seesAccount,
  somebody,
  somebodyProtected,
} from './attack-kit.ts';
import type { Browser } from './browser.ts';
import type { House } from './house.ts';
import { enterPassword } from './people.ts';

/** What has broken parsers, queries and templates before. */
export const NASTY = [
  '',
  '\0',
  'a\0b',
  '%00',
  '%',
  '%zz',
  '%E0%A4%A',
  '%ED%A0%80',
  '\u{1f511}'.repeat(40),
  '\ud800',
  'é\u0301\u0301',
  '\u202e\u2066',
  '{{7*7}}',
  '$' + '{7*7}',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' or '1'='1",
  '"; drop table account; --',
  '../../../../etc/passwd',
  '/\\evil.example',
  '//evil.example',
  '\r\nSet-Cookie: session=x',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  '-1',
  '0',
  '1e309',
  '9'.repeat(400),
  '99999999999999999999999',
  'true',
  '[]',
  '{}',
  '{"a":1}',
  'a'.repeat(2_100),
  ' '.repeat(300),
  'ann@example.org',
  'a@b@c',
  '@',
  'x'.repeat(43),
  'f'.repeat(32),
] as const;

const nasty = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 2, arbitrary: fc.string({ maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);
export const FIELDS = [
  'email',
  'password',
  'code',
  'token',
  'name',
  'label',
  'return_to',
  'locale',
  'time_zone',
  'use',
  'replaces',
  'current_password',
  'new_password',
  'trust',
  'method',
  'format',
  'before',
  'credential',
  '__proto__',
  'a[b]',
  'a[]',
  '',
] as const;
const field = fc.tuple(
  fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...FIELDS) }, { weight: 1, arbitrary: nasty }),
  nasty,
);
const encode = (pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([name, value]) => `${safeEncode(name)}=${safeEncode(value)}`).join('&');

/** As browsers do; what cannot be encoded goes as it is. */
function safeEncode(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return '%ED%A0%80';
  }
}

const body = fc.oneof(
  { weight: 8, arbitrary: fc.array(field, { maxLength: 6 }).map(encode) },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.tuple(fc.constantFrom(...FIELDS), nasty), { maxLength: 4 })
      .map((all) => all.map(([name, value]) => `${name}=${value}`).join('&')),
  },
  { weight: 1, arbitrary: nasty },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.constant(`code=${'1'.repeat(70_000)}`) },
  { weight: 1, arbitrary: fc.constant('&'.repeat(3_000)) },
  { weight: 1, arbitrary: fc.constant(Array.from({ length: 1_200 }, (_, n) => `f${n}=1`).join('&')) },
);
export const TYPES = [
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=utf-16',
  'application/json',
  'text/plain',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  '',
  ';',
  'a/b/c',
  'application/x-www-form-urlencoded, text/html',
] as const;
export const HEADERS: readonly Record<string, string>[] = [
  {},
  {},
  { accept: 'application/json' },
  { accept: '*/*;q=oops,,;' },
  { 'accept-language': `${'x'.repeat(3_000)},;q=,es;q=9` },
  { 'accept-language': 'es' },
  { 'accept-encoding': 'br;q=0, gzip;q=x' },
  { cookie: '=;;=x; session; session=; pending==; a=%00; "' },
  { cookie: `session=${'x'.repeat(5_000)}` },
  { cookie: 'notice=__proto__; enrolment=constructor; browser=toString' },
  { 'user-agent': 'x'.repeat(4_000) },
  { 'user-agent': '<b>&"\'' },
  { authorization: 'Basic %%%' },
  { range: 'bytes=0-,5-1,x' },
  { 'if-none-match': '"x", W/"', 'if-modified-since': 'yesterday' },
  { expect: '200-maybe' },
  { 'content-encoding': 'gzip' },
  { 'x-forwarded-for': '%00, ::, evil' },
  { origin: 'http://localhost:3000' },
];

/**
 * So many mutated requests, from nobody, from somebody signed in, half signed in and enrolling: none is a fault, none
 * gives a session, and nothing of somebody else's changes (R83).
 */
export async function sendMutated(house: House, runs: number): Promise<void> {
  const { person, browser, secret } = await somebodyProtected(house);
  const { person: victim } = await planted(house);
  const state = await securityOf(house, victim);
  const id = await factorIdOf(house, person);
  const boss = await somebody(house, { roles: 'admin' });
  const enrolling = house.browser();
  await enterPassword(enrolling, boss);
  const half = await halfSignedIn(house, victim);
  const visitors: readonly Browser[] = [house.browser(), browser, half, enrolling];
  const jars = visitors.map(({ cookies }) => new Map(cookies));
  const paths = [...new Set(house.app.routes.map(({ path }) => path))].filter(
    // Signing out or ending this very session would only leave the rest without one.
    (path) => !['/sign-out', '/sign-in/cancel', '/account/sessions/:id/end', '/mailbox'].includes(path),
  );
  const request = fc.record({
    method: fc.constantFrom('GET', 'POST', 'POST', 'POST', 'HEAD', 'PUT', 'OPTIONS'),
    path: fc.constantFrom(...paths),
    id: fc.oneof({ weight: 3, arbitrary: fc.constant(id) }, { weight: 1, arbitrary: nasty }),
    query: fc.oneof(
      { weight: 2, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.array(field, { maxLength: 4 }).map((all) => `?${encode(all)}`) },
      { weight: 1, arbitrary: nasty.map((text) => `?${text.replace(/[^\x21-\x7e]/g, '%')}`) },
    ),
    body,
    type: fc.constantFrom(...TYPES),
    headers: fc.constantFrom(...HEADERS),
    visitor: fc.nat(visitors.length - 1),
    extra: fc.boolean(),
  });
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(request, async (one) => {
      const visitor = visitors[one.visitor] as Browser;
      visitor.cookies.clear();
      for (const [name, value] of jars[one.visitor] as Map<string, string>) visitor.cookies.set(name, value);
      const path = one.path.replace(/:\w+/, safeEncode(one.id).slice(0, 900) || 'x') + one.query;
      const reads = one.method === 'GET' || one.method === 'HEAD' || one.method === 'OPTIONS';
      const answer = await visitor.send(one.method, path, reads ? undefined : one.body, {
        ...(reads || one.type === '' ? {} : { 'content-type': one.type }),
        ...one.headers,
      });
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      expect(answer.status, `${one.method} ${path}: ${answer.body.slice(0, 300)}`).toBeLessThan(500);
      expect(answer.body).not.toMatch(/node_modules|at .+\.ts:\d+|SqliteError|syntax error at/);
      expect(answer.body).not.toContain('<script>alert(1)');
      expect(answer.body).not.toContain('<img src=x');
      if (one.visitor === 0 && visitor.cookies.has('session')) expect.unreachable('a session came out of it');
    }),
    { numRuns: runs },
  );
  // Not all stopped at the same door.
  expect(statuses.size).toBeGreaterThan(4);
  expect(await securityOf(house, victim)).toEqual(state);
  expect(await seesAccount(half)).toBe(false);
  expect(secret).toHaveLength(32);
  expect((await house.browser().get('/readyz')).status).toBe(200);
}
