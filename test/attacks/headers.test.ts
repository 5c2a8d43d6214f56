import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  answerTotp,
  factorIdOf,
  halfSignedIn,
  planted,
  somebodyProtected,
  someEmail,
} from '../kit/attack-kit.ts';
import type { Page } from '../kit/browser.ts';
import { openHouse } from '../kit/house.ts';
import { appCode, enterPassword } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const LOCAL = {};
const PUBLIC = {
  BASE_URL: 'https://id.example.org',
  SMTP_URL: 'smtp://127.0.0.1:9',
  SUPPORT_EMAIL: 'help@example.org',
  SIGN_UP: 'open',
};

/** R77, for one answer. Names what is missing. */
function missingHeaders({ headers, body }: Pick<Page, 'headers' | 'body'>, secure: boolean): string[] {
  const wrong: string[] = [];
  const expectHeader = (name: string, pattern: RegExp) => {
    if (!pattern.test(String(headers[name] ?? ''))) wrong.push(`${name}: ${headers[name]}`);
  };
  const csp = String(headers['content-security-policy'] ?? '');
  for (const part of [/frame-ancestors 'none'/, /base-uri 'none'/, /default-src 'none'/]) {
    if (!part.test(csp)) wrong.push(`CSP without ${part.source}: ${csp}`);
  }
  if (/unsafe-inline|unsafe-eval|\*|http:/.test(csp)) wrong.push(`CSP too wide: ${csp}`);
  expectHeader('x-content-type-options', /^nosniff$/);
  expectHeader('referrer-policy', /^same-origin$/);
  expectHeader('cross-origin-opener-policy', /^same-origin$/);
  expectHeader('cross-origin-resource-policy', /^same-origin$/);
  if (secure) expectHeader('strict-transport-security', /max-age=(3153[6-9]\d{3}|[4-9]\d{7,})/);
  if (headers['x-powered-by'] ?? headers['server']) wrong.push('names its software');
  const isPage = String(headers['content-type'] ?? '').startsWith('text/html');
  if (isPage) {
    for (const part of [
      /script-src 'nonce-[\w+/=-]{20,}' 'strict-dynamic'/,
      /object-src 'none'/,
      /form-action 'self'/,
    ]) {
      if (!part.test(csp)) wrong.push(`page's CSP without ${part.source}`);
    }
    const nonce = /'nonce-([^']+)'/.exec(csp)?.[1];
    for (const [tag] of body.matchAll(/<script\b[^>]*>/g)) {
      if (!tag.includes(`nonce="${nonce}"`)) wrong.push(`a script without its nonce: ${tag}`);
    }
    if (/<script\b[^>]*>[^<]/.test(body)) wrong.push('an inline script');
    if (/\son\w+\s*=\s*"/.test(body.replace(/<svg[\s\S]*?<\/svg>/g, ''))) wrong.push('an inline handler');
    if (/\sstyle\s*=\s*"/.test(body)) wrong.push('an inline style');
    if (/<style\b/.test(body)) wrong.push('a style element');
    if (/(src|href|action)="(https?:)?\/\/(?!id\.example\.org|localhost:3000)/.test(body))
      wrong.push('something from elsewhere');
  }
  return wrong;
}

describe.each([
  ['http://localhost', LOCAL, false],
  ['https', PUBLIC, true],
] as const)('R77/A65: headers on %s', (_name, env, secure) => {
  const house = sharedHouse({ env });

  test('A65/R77: every answer has every header: pages, redirects, refusals, files, faults', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const id = await factorIdOf(house, person);
    const enrolling = house.browser();
    const boss = (await planted(house, { email: someEmail('boss'), roles: 'admin' })).person;
    await house.app.database.db
      .updateTable('account')
      .set({ two_factor_at: null })
      .where('id', '=', boss.id)
      .execute();
    await enterPassword(enrolling, boss);
    const half = await halfSignedIn(house, person);
    const json = { accept: 'application/json' };
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const wrong: string[] = [];
    const seen = new Map<number, number>();
    const look = (name: string, page: Page) => {
      seen.set(page.status, (seen.get(page.status) ?? 0) + 1);
      wrong.push(...missingHeaders(page, secure).map((what) => `${name} (${page.status}): ${what}`));
      const personal = !/^\S+ \/(assets|favicon|forward-auth\/style)/.test(name);
      if (personal && !/no-store/.test(String(page.headers['cache-control'])))
        wrong.push(`${name} (${page.status}) may be stored`);
      if (page.status === 303 && page.body !== '')
        wrong.push(`${name} (303) says “${page.body}” besides where to go`);
    };
    for (const { method, path } of house.app.routes) {
      const here = path.replace(/:\w+/, path.startsWith('/assets') ? 'x' : id);
      for (const visitor of [house.browser(), half, browser, enrolling]) {
        if (path === '/sign-out' || path === '/sign-in/cancel' || (method === 'POST' && visitor === browser))
          continue;
        look(
          `${method} ${path}`,
          method === 'GET' ? await visitor.get(here) : await visitor.post(here, { nothing: '1' }),
        );
      }
      const anybody = house.browser();
      look(
        `${method} ${path} as JSON`,
        await anybody.send(method, here, method === 'GET' ? undefined : '', { ...json, ...form }),
      );
      look(`HEAD ${path}`, await anybody.send('HEAD', here, undefined, {}));
      look(`DELETE ${path}`, await anybody.send('DELETE', here, undefined, {}));
      look(`OPTIONS ${path}`, await anybody.send('OPTIONS', here, undefined, {}));
      if (method === 'POST') {
        look(`POST ${path} from elsewhere`, await anybody.post(here, '', { origin: 'https://evil.example' }));
        look(
          `POST ${path} of JSON`,
          await anybody.send('POST', here, '{}', { 'content-type': 'application/json' }),
        );
        look(`POST ${path} of too much`, await anybody.send('POST', here, 'x'.repeat(70_000), form));
      }
    }
    const anybody = house.browser();
    for (const path of [
      '/nowhere',
      '/account/nowhere',
      `/${'x'.repeat(3_000)}`,
      '/%',
      '/%zz',
      '/account/%c0%af',
      '/assets/%2e%2e%2fpackage.json',
      '/..%2f..%2fetc/passwd',
      '//',
      '/?%zz',
      `/account/security/factors/${'y'.repeat(500)}`,
    ]) {
      look(`GET ${path.slice(0, 50)}`, await anybody.get(path));
      look(`GET ${path.slice(0, 50)} as JSON`, await anybody.get(path, json));
    }
    look('POST /sign-out', await house.browser().post('/sign-out'));
    await half.post('/sign-in/cancel');
    expect((await answerTotp(await halfSignedIn(house, person), appCode(house, secret))).location).toBe('/');
    for (const status of [200, 303, 401, 403, 404, 405, 413, 415, 422])
      expect(seen.has(status), `${status} was never seen`).toBe(true);
    for (const status of seen.keys()) expect(status).toBeLessThan(500);
    expect([...new Set(wrong)].slice(0, 12)).toEqual([]);
  });

  test('R77: a fault and an absent database have every header as well, and tell nothing', async () => {
    const broken = await openHouse({ env });
    const { person } = await planted(broken);
    const half = await halfSignedIn(broken, person);
    await broken.app.database.db.schema.dropTable('guess_budget').execute();
    const fault = await half.post('/sign-in/factor/totp', { code: '123456' });
    expect(fault.status).toBe(500);
    expect(missingHeaders(fault, secure)).toEqual([]);
    expect(fault.body).not.toMatch(/guess_budget|no such table|SQL|node_modules|\.ts\b/i);
    const json = await half.post('/sign-in/factor/totp', { code: '123456' }, { accept: 'application/json' });
    expect(Object.keys(json.json<object>()).sort()).toEqual(['code', 'message']);
    expect(json.body).not.toMatch(/guess_budget|table/i);
    await broken.close();
  });

  test('BREACH: pages are never compressed, since they hold secrets beside what a stranger can put in', async () => {
    const { browser } = await somebodyProtected(house);
    for (const path of [
      '/confirm',
      '/account',
      '/account/security/totp',
      '/account/security/recovery-codes',
    ]) {
      const page = await browser.get(path, { 'accept-encoding': 'gzip, br, zstd' });
      expect([page.status, page.headers['content-encoding']], path).toEqual([200, undefined]);
    }
  });

  test('contract: a known path with another method is 405 and says which ones it takes', async () => {
    for (const { method, path } of house.app.routes) {
      const here = path.replace(/:\w+/, 'a'.repeat(32));
      const both = house.app.routes.filter((one) => one.path === path).map((one) => one.method);
      for (const other of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        if (both.includes(other as 'GET') || (other === 'HEAD' && both.includes('GET'))) continue;
        const page = await house.browser().send(other, here, undefined, {});
        expect(page.status, `${other} ${path}`).toBe(405);
        expect(String(page.headers['allow']), `${other} ${path}`).toContain(method);
      }
    }
  });

  test('R77: the nonce is another one in every answer', async () => {
    const nonces = new Set<string>();
    for (let n = 0; n < 20; n++) {
      const page = await house.browser().get('/sign-in');
      nonces.add(/'nonce-([^']+)'/.exec(String(page.headers['content-security-policy']))?.[1] ?? '');
    }
    expect(nonces.size).toBe(20);
  });

  test('R51: cookies bear their host in their name on https, and every attribute they should', async () => {
    const { person, secret } = await planted(house);
    const browser = house.browser();
    const pages = [await enterPassword(browser, person), await answerTotp(browser, appCode(house, secret))];
    pages.push(await browser.post('/account', { name: 'Renamed' }));
    const lines = pages.flatMap((page) => [page.headers['set-cookie'] ?? []].flat());
    const names = new Set(lines.map((line) => line.split('=')[0]));
    const prefix = secure ? '__Host-' : '';
    for (const name of ['session', 'pending', 'browser']) expect(names).toContain(prefix + name);
    for (const line of lines) {
      expect(line.length).toBeLessThan(4_096);
      expect(line).toMatch(/; Path=\/(;|$)/);
      expect(line).toMatch(/; HttpOnly(;|$)/);
      expect(line).toMatch(/; SameSite=Lax(;|$)/);
      expect(/; Secure(;|$)/.test(line)).toBe(secure);
      expect(line).not.toMatch(/Domain=/i);
      expect(line.startsWith('__Host-')).toBe(secure);
    }
    expect((await browser.get('/account')).status).toBe(200);
    if (secure) {
      const thief = house.browser();
      thief.cookies.set('session', browser.cookies.get('__Host-session') as string);
      expect((await thief.get('/account')).status).toBe(303);
    }
  });
});

describe('R77/R83: over a socket', () => {
  const house = sharedHouse();
  let port: number;
  beforeAll(async () => {
    await house.app.server.listen({ port: 0, host: '127.0.0.1' });
    port = (house.app.server.server.address() as AddressInfo).port;
  });

  /** Bytes in, bytes out. */
  function raw(text: string | Buffer): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      let answer = '';
      const done = () => {
        socket.destroy();
        resolve(answer);
      };
      socket.setTimeout(1_500, done);
      socket.on('data', (chunk) => {
        answer += chunk.toString('latin1');
      });
      socket.on('close', done);
      socket.on('error', done);
      socket.write(text);
      socket.end();
    });
  }

  const BROKEN: readonly [name: string, request: string][] = [
    ['a broken path', 'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['a broken query', 'GET /sign-in?return_to=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['no method', ' / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['an unknown method', 'FROB / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['TRACE', 'TRACE /sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['no Host', 'GET /sign-in HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['two lengths', 'POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc'],
    [
      'length and chunks',
      'POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'broken chunks',
      'POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n',
    ],
    ['huge headers', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`],
    [
      'an expectation that nobody meets',
      'POST /sign-in HTTP/1.1\r\nHost: x\r\nExpect: 200-maybe\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    ],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: a\0b\r\n\r\n'],
    ['rubbish', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    [
      'an absolute path',
      'GET http://evil.example/sign-in HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    ],
  ];

  test.each(BROKEN)(
    'R83: %s is refused with a 4xx or answered, never with a fault',
    async (_name, request) => {
      const answer = await raw(request);
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
      expect(status === 0 || (status >= 200 && status < 500), answer.slice(0, 200)).toBe(true);
      expect(answer).not.toMatch(/at .*\.(ts|js):\d+/);
    },
  );

  test.each(BROKEN.filter(([name]) => name !== 'rubbish'))(
    'A65: %s is answered with the headers',
    async (_name, request) => {
      const answer = await raw(request);
      if (answer === '') return;
      expect(answer.toLowerCase()).toContain('x-content-type-options: nosniff');
      expect(answer.toLowerCase()).toContain("frame-ancestors 'none'");
      expect(answer.toLowerCase()).toContain('referrer-policy:');
    },
  );

  test('R83: the server still answers after all that', async () => {
    const answer = await raw('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer).toContain('{"status":"ok"}');
  });
});
