import { describe, expect, test } from 'vitest';
import {
  answerTotp,
  countOf,
  factorIdOf,
  halfSignedIn,
  planted,
  securityOf,
  seesAccount,
  somebody,
  somebodyProtected,
} from '../kit/attack-kit.ts';
import type { Browser } from '../kit/browser.ts';

import { appCode, enterPassword } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const FORM = 'application/x-www-form-urlencoded';

interface Answer {
  readonly status: number;
  readonly location: string;
  readonly setCookie: unknown;
}

describe('from another site', () => {
  const house = sharedHouse();

  /** What a browser sends with a request that another site made it send. */
  const FOREIGN: readonly [name: string, headers: Record<string, string>][] = [
    ['cross-site, as browsers say it', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['cross-site without an Origin', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbouring host', { 'sec-fetch-site': 'same-site', origin: 'http://evil.localhost:3000' }],
    ['another port', { origin: 'http://localhost:3001', 'sec-fetch-site': 'same-site' }],
    ['an old browser: only Origin', { origin: 'https://evil.example' }],
    ['an old browser: https for http', { origin: 'https://localhost:3000' }],
    ['a prefix of ours', { origin: 'http://localhost:30000' }],
    ['a suffix of ours', { origin: 'http://evil-localhost:3000' }],
    ['ours with a path', { origin: 'http://localhost:3000/' }],
    ['ours in capitals', { origin: 'HTTP://LOCALHOST:3000' }],
    ['Origin null from a sandbox', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['Origin null alone', { origin: 'null' }],
    ['an empty Origin', { origin: '' }],
    ['a lie in one of the two', { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }],
    ['a lie in the other', { origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site' }],
    ['typed in, with a foreign Origin', { origin: 'https://evil.example', 'sec-fetch-site': 'none' }],
    ['an unknown value', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin, cross-site' }],
    ['an empty Sec-Fetch-Site', { origin: 'http://localhost:3000', 'sec-fetch-site': '' }],
  ];

  /** Exactly these headers and the cookies of the browser: nothing that says same-origin. */
  async function send(
    browser: Browser,
    method: string,
    url: string,
    payload: string,
    headers: Record<string, string>,
  ): Promise<Answer> {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await house.app.server.inject({
      method: method as 'POST',
      url,
      payload,
      headers: { ...headers, ...(cookie ? { cookie } : {}) },
    });
    return {
      status: answer.statusCode,
      location: String(answer.headers.location ?? ''),
      setCookie: answer.headers['set-cookie'],
    };
  }

  test('A41/R54: every route that writes refuses every foreign request with 403, no change and no cookie', async () => {
    const { person, browser } = await somebodyProtected(house);
    const id = await factorIdOf(house, person);
    const state = await securityOf(house, person);
    const cookies = new Map(browser.cookies);
    const writing = house.app.routes.filter(({ method, crossSite }) => method === 'POST' && !crossSite);
    // Programs call the others, with a secret or a token of their own: no cookie opens them.
    for (const { level } of house.app.routes.filter(({ crossSite }) => crossSite))
      expect(level.name).toMatch(/^(everyone|bearer .*)$/);
    expect(writing.length).toBeGreaterThan(25);
    for (const { path } of writing) {
      for (const [name, headers] of FOREIGN) {
        const page = await send(browser, 'POST', path.replace(/:\w+/, id), 'password=x&code=1', {
          'content-type': FORM,
          ...headers,
        });
        expect(page.status, `${name}: POST ${path}`).toBe(403);
        expect(page.setCookie, `${name}: POST ${path}`).toBeUndefined();
      }
    }
    expect(browser.cookies).toEqual(cookies);
    expect(await securityOf(house, person)).toEqual(state);
    expect(await seesAccount(browser)).toBe(true);
  });

  test('A41: neither sign-in, nor its second step, nor signing out can be made from elsewhere', async () => {
    const { person, secret } = await planted(house);
    const half = await halfSignedIn(house, person);
    const code = appCode(house, secret);
    for (const [name, headers] of FOREIGN) {
      const login = house.browser();
      const answer = await send(
        login,
        'POST',
        '/sign-in',
        new URLSearchParams({ email: person.email, password: person.password }).toString(),
        { 'content-type': FORM, ...headers },
      );
      expect([answer.status, answer.setCookie], name).toEqual([403, undefined]);
      const second = await send(half, 'POST', '/sign-in/factor/totp', `code=${code}`, {
        'content-type': FORM,
        ...headers,
      });
      expect(second.status, name).toBe(403);
      expect(
        (await send(half, 'POST', '/sign-out', '', { 'content-type': FORM, ...headers })).status,
        name,
      ).toBe(403);
    }
    // No try was spent by any of them.
    expect((await answerTotp(half, code)).location).toBe('/');
  });

  test('A41: forms that a foreign page can send are 403, and as JSON, text or files they are 415 even from here', async () => {
    const { person, browser } = await somebodyProtected(house);
    const state = await securityOf(house, person);
    for (const type of [
      'text/plain',
      'multipart/form-data; boundary=x',
      'application/json',
      'application/x-amf',
      'text/xml',
    ]) {
      for (const path of [
        '/account',
        '/account/security/disable',
        '/sign-out',
        '/confirm',
        '/account/email',
      ]) {
        const body = type.startsWith('multipart')
          ? `--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n${person.password}\r\n--x--\r\n`
          : JSON.stringify({ password: person.password, name: 'x', email: 'x@example.org' });
        const foreign = await send(browser, 'POST', path, body, {
          'content-type': type,
          origin: 'https://evil.example',
        });
        expect(foreign.status, `${type} ${path}`).toBe(403);
        const own = await browser.send('POST', path, body, { 'content-type': type });
        expect(own.status, `${type} ${path}`).toBe(415);
      }
    }
    expect(await securityOf(house, person)).toEqual(state);
  });

  test('A41: no method by another name, in a header, a field or the query', async () => {
    const { person, browser } = await somebodyProtected(house);
    const state = await securityOf(house, person);
    const cross = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    const writing = house.app.routes.filter(
      ({ method, path }) => method === 'POST' && path.startsWith('/account'),
    );
    for (const { path } of writing) {
      const here = path.replace(/:\w+/, await factorIdOf(house, person));
      for (const query of ['?_method=POST', '?method=post&password=x', '?X-HTTP-Method-Override=POST']) {
        const page = await browser.get(`${here}${query}`, {
          ...cross,
          'x-http-method-override': 'POST',
          'x-method-override': 'POST',
        });
        expect([200, 303, 404, 405, 409, 422], `GET ${here}`).toContain(page.status);
      }
      for (const method of ['PUT', 'PATCH', 'DELETE']) {
        const page = await browser.send(method, here, '_method=POST', { 'content-type': FORM });
        expect(page.status, `${method} ${here}`).toBe(405);
        expect(String(page.headers['allow']), `${method} ${here}`).toContain('POST');
        expect((await send(browser, method, here, '', { 'content-type': FORM, ...cross })).status).toBe(403);
      }
    }
    expect(await securityOf(house, person)).toEqual(state);
    expect(await seesAccount(browser)).toBe(true);
  });

  test('R54: our own pages pass: same-origin with Origin, with Origin null, and typed in; so does what is no browser', async () => {
    const person = await somebody(house);
    const passing: Record<string, string>[] = [
      { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:3000' },
      { 'sec-fetch-site': 'same-origin', origin: 'null' },
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
      { origin: 'http://localhost:3000' },
      {},
    ];
    for (const headers of passing) {
      const body = new URLSearchParams({ email: person.email, password: person.password }).toString();
      const answer = await send(house.browser(), 'POST', '/sign-in', body, {
        'content-type': FORM,
        ...headers,
      });
      expect([answer.status, answer.location], JSON.stringify(headers)).toEqual([303, '/']);
    }
  });

  test('A41/R38: opening any page, from anywhere, changes nothing', async () => {
    const { person, browser } = await somebodyProtected(house);
    const id = await factorIdOf(house, person);
    const state = await securityOf(house, person);
    const records = await recordCount();
    for (const { method, path } of house.app.routes) {
      if (method !== 'GET' || path === '/mailbox') continue;
      const page = await browser.get(path.replace(/:\w+/, id), { 'sec-fetch-site': 'cross-site' });
      expect(page.status, path).toBeLessThan(500);
    }
    expect(await securityOf(house, person)).toEqual(state);
    expect(await recordCount()).toBe(records);
    expect(await countOf(house, 'pending_sign_in', person)).toBeLessThanOrEqual(1);
  });

  const recordCount = async () =>
    (await house.app.database.db.selectFrom('audit_event').select('seq').execute()).length;

  test('R54: cookies are SameSite=Lax and out of the reach of scripts', async () => {
    const { person, secret } = await planted(house);
    const browser = house.browser();
    const pages = [
      await enterPassword(browser, person),
      await answerTotp(browser, appCode(house, secret)),
      await browser.post('/account', { name: 'Renamed' }),
      await browser.post('/sign-out'),
    ];
    const lines = pages.flatMap((page) => [page.headers['set-cookie'] ?? []].flat());
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(line).toMatch(/; Path=\/; HttpOnly; SameSite=Lax/);
    for (const line of lines) expect(line).not.toMatch(/Domain=/i);
  });

  test('no open redirect: return_to is a path of ours wherever it is taken', async () => {
    const evil = [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      '/%09/evil.example',
      'javascript:alert(1)',
      'http:evil.example',
      '/./\\/evil.example',
      '/.//evil.example',
      '/..//evil.example',
      '@evil.example',
      '\u2028//evil.example',
      '/\u0000/evil',
      `/${'a'.repeat(3000)}`,
    ];
    const person = await somebody(house);
    const { browser } = await somebodyProtected(house);
    for (const returnTo of evil) {
      const query = `?return_to=${encodeURIComponent(returnTo)}`;
      const places = [
        (await enterPassword(house.browser(), person, { return_to: returnTo })).location,
        (await house.browser().post(`/sign-in${query}`, { email: person.email, password: person.password }))
          .location,
        (await browser.get(`/sign-in${query}`)).location,
      ];
      for (const place of places) {
        const target = new URL(place, 'http://localhost:3000');
        expect([target.origin, place.startsWith('//')], returnTo).toEqual(['http://localhost:3000', false]);
      }
      const kept = (await browser.get(`/confirm${query}`)).field('return_to') || '/';
      expect(new URL(kept, 'http://localhost:3000').origin, returnTo).toBe('http://localhost:3000');
    }
    // Twice, or as an array: none.
    expect(
      (
        await house.browser().post('/sign-in?return_to=/a&return_to=//evil.example', {
          email: person.email,
          password: person.password,
        })
      ).location,
    ).toBe('/');
  });
});
