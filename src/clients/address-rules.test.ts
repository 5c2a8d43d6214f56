import { expect, test } from 'vitest';
import { isRedirectUri, isWebAddress, originOf } from './address-rules.ts';

test('R61: an address of an app is https, or http on this machine, and nothing else', () => {
  for (const good of [
    'https://app.example/cb',
    'http://localhost:8080/cb',
    'http://127.0.0.1/cb',
    'http://[::1]:1/',
  ])
    expect(isWebAddress(good), good).toBe(true);
  for (const bad of [
    'http://app.example/cb',
    'https://app.example/cb#part',
    'https://user@app.example/',
    'javascript:alert(1)',
    'https:app.example',
    '//app.example',
    'https://app.example\\@evil.example/',
    'https://app.example/ cb',
    'http://localhost.evil.example/',
    // Would be words of their own in a policy, or stop the redirect.
    'https://app.example;script-src/',
    "https://app.example'none'/",
    'https://app.example,evil.example/',
    'https://例え.jp/cb',
    'https://app.example/caf\u00e9',
    'https://app.example/\u0000',
    `https://app.example/${'x'.repeat(2_000)}`,
    '',
  ])
    expect(isWebAddress(bad), bad).toBe(false);
});

test('R61: only a public app has a scheme of its own, and no address has a star', () => {
  expect(isRedirectUri('com.example.app:/callback', true)).toBe(true);
  expect(isRedirectUri('com.example.app:/callback', false)).toBe(false);
  expect(isRedirectUri('javascript:/alert', true)).toBe(false);
  expect(isRedirectUri('https://*.example.org/cb', true)).toBe(false);
  expect(isRedirectUri('https://xn--r8jz45g.jp/cb', false)).toBe(true);
  for (const bad of [
    'com.example.app:/*',
    'com.example.app:/a#b',
    'com.example.app:/a b',
    'com.example.app:/é',
    'http.x://evil\\',
  ])
    expect(isRedirectUri(bad, true), bad).toBe(false);
});

test('a protected host is an origin, without a path', () => {
  expect(originOf('https://Wiki.example.org')).toBe('https://wiki.example.org');
  expect(originOf('https://wiki.example.org:443/')).toBe('https://wiki.example.org');
  expect(originOf('https://wiki.example.org/path')).toBeNull();
  expect(originOf('wiki.example.org')).toBeNull();
});
