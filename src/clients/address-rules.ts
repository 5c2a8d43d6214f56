/** Hosts of this very machine, where no certificate can be had (RFC 8252, 7.3). */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;
const LONGEST = 2_000;

/**
 * An absolute address with https, or http on this machine; no fragment, no user and password in it. In the characters
 * that a `Location` can carry, and with a host that stays one word inside a Content-Security-Policy.
 */
export function isWebAddress(text: string): boolean {
  const url = read(text);
  if (url === null || url.username !== '' || url.password !== '' || text.includes('#')) return false;
  if (!/^([a-z0-9_.-]+|\[[0-9a-f:.]+\])$/.test(url.hostname)) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
}

/**
 * Where a sign-in may lead back to, compared to the letter later on (R61, RFC 9700 2.1). A public app may have a scheme of its
 * own, which contains a dot (RFC 8252, 7.1): `com.example.app:/callback`.
 */
export function isRedirectUri(text: string, isPublic: boolean): boolean {
  if (isWebAddress(text)) return !text.includes('*');
  return (
    isPublic &&
    text.length <= LONGEST &&
    /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:\/[!-~]*$/i.test(text) &&
    !/[#*\\]/.test(text)
  );
}

/** `https://wiki.example.org` -> itself as an origin; null for more than an origin, or less. */
export function originOf(text: string): string | null {
  if (!isWebAddress(text)) return null;
  const { origin, pathname, search } = new URL(text);
  return pathname === '/' && search === '' ? origin : null;
}

function read(text: string): URL | null {
  return text.length <= LONGEST && /^https?:\/\/[!-[\]-~]+$/i.test(text) && URL.canParse(text)
    ? new URL(text)
    : null;
}
