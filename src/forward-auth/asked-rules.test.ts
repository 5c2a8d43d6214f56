import { expect, test } from 'vitest';
import { isNavigation, pathToReturn, readAsked, readTarget } from './asked-rules.ts';

const WIKI = 'https://wiki.example.org';
const caddy = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'wiki.example.org' };

test('nginx, Caddy and Traefik say in their own headers what is asked for', () => {
  expect(readAsked({ 'x-original-url': `${WIKI}/a?b=1` })).toEqual({
    origin: WIKI,
    path: '/a?b=1',
    redirects: false,
  });
  expect(readAsked({ ...caddy, 'x-forwarded-uri': '/a?b=1' })).toEqual({
    origin: WIKI,
    path: '/a?b=1',
    redirects: true,
  });
  expect(readAsked(caddy)?.path).toBe('/');
  // A program may send letters as they are; `à` and `Р` have a byte that reads as a no-break space.
  for (const letter of ['à', 'Р']) {
    const path = `/${Buffer.from(letter).toString('latin1')}?b=1`;
    expect(readAsked({ 'x-original-url': `${WIKI}${path}` }), letter).toMatchObject({
      origin: WIKI,
      path: '/',
    });
    expect(readAsked({ ...caddy, 'x-forwarded-uri': path }), letter).toMatchObject({
      origin: WIKI,
      path: '/',
    });
  }
  expect(readAsked({ ...caddy, 'x-forwarded-host': 'WIKI.example.org:443' })?.origin).toBe(WIKI);
  expect(readAsked({ 'x-forwarded-proto': 'http', 'x-forwarded-host': '[::1]:8080' })?.origin).toBe(
    'http://[::1]:8080',
  );
  expect(readAsked({})).toBeNull();
});

test('R71: a host that is said twice, and not alike, is not believed', () => {
  expect(readAsked({ 'x-original-url': `${WIKI}/`, ...caddy })?.origin).toBe(WIKI);
  expect(readAsked({ 'x-original-url': `${WIKI}/`, 'x-forwarded-host': 'board.example.org' })).toBeNull();
  expect(readAsked({ 'x-original-url': `${WIKI}/`, 'x-forwarded-host': '' })).toBeNull();
  for (const host of ['a.example, wiki.example.org', 'wiki.example.org/x', 'a@wiki.example.org', ''])
    expect(readAsked({ ...caddy, 'x-forwarded-host': host }), host).toBeNull();
  for (const protocol of ['ws', 'https, http', 'HTTPS', ''])
    expect(readAsked({ ...caddy, 'x-forwarded-proto': protocol }), protocol).toBeNull();
  for (const url of [
    `${WIKI}, https://board.example.org/`,
    `${WIKI}/, https://board.example.org/`,
    `${WIKI}/page?x=1, ${WIKI}/page?x=1`,
    `${WIKI}#x`,
    `${WIKI}\\x`,
    'https://',
    WIKI.slice(6),
  ])
    expect(readAsked({ 'x-original-url': url }), url).toBeNull();
});

test('R61: a path that a redirect could not carry is left out', () => {
  expect(pathToReturn('/a/b?c=%20')).toBe('/a/b?c=%20');
  for (const path of ['', 'a', '/a b', '/ä', '/a\r\nx', '/a#b']) expect(pathToReturn(path)).toBe('/');
  expect(pathToReturn(`/page?${'x'.repeat(2_000)}`)).toBe('/page');
  expect(pathToReturn(`/${'%20'.repeat(400)}`)).toBe('/');
});

test('R61: an address to return to is an origin and a path', () => {
  expect(readTarget(`${WIKI}/a?b#c`)).toEqual({ origin: WIKI, path: '/a?b' });
  expect(readTarget('https://evil.example\\@wiki.example.org/')?.origin).toBe('https://evil.example');
  for (const text of ['', '/a', '//wiki.example.org', 'javascript:1', 'wiki.example.org'])
    expect(readTarget(text), text).toBeNull();
});

test('a person looks at pages, and a program at answers', () => {
  expect(isNavigation({ accept: 'text/html,*/*', 'sec-fetch-mode': 'navigate' })).toBe(true);
  expect(isNavigation({ accept: 'text/html,*/*', 'sec-fetch-mode': 'cors' })).toBe(false);
  expect(isNavigation({ accept: '*/*' })).toBe(true);
  expect(isNavigation({})).toBe(true);
  expect(isNavigation({ accept: 'application/json' })).toBe(false);
  expect(isNavigation({ accept: 'application/json, */*' })).toBe(false);
  expect(isNavigation({ accept: 'image/png' })).toBe(false);
});
