import type { SetCookie } from './answer.ts';
import { COOKIES, type CookieName } from './cookie-names.ts';

/**
 * `__Host-` binds a cookie to this host, to https and to the whole site (R51). Browsers refuse it on plain http, which
 * is allowed on localhost only.
 */
export function cookieName(name: string, secure: boolean): string {
  return secure ? `__Host-${name}` : name;
}

export function serializeCookie({ name, value, maxAge, secure: own }: SetCookie, ofBaseUrl: boolean): string {
  const secure = own ?? ofBaseUrl;
  const life = value === null ? '; Max-Age=0' : maxAge === undefined ? '' : `; Max-Age=${maxAge}`;
  return `${cookieName(name, secure)}=${value ?? ''}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}${life}`;
}

/** Name as sent -> plain name, for http and https. */
const SENT_NAMES = [false, true].map(
  (secure) => new Map(COOKIES.map((name) => [cookieName(name, secure), name])),
);

/** What a request brought of ours, by plain names. */
export type Cookies = { readonly [name in CookieName]?: string | undefined };

/** A name sent twice is ambiguous and counts as not sent (R36). */
export function readCookies(header: string | undefined, secure: boolean): Cookies {
  const found: { [name in CookieName]?: string | undefined } = {};
  if (!header) return found;
  const names = SENT_NAMES[secure ? 1 : 0] as Map<string, CookieName>;
  for (const part of header.split(';')) {
    const equals = part.indexOf('=');
    if (equals < 0) continue;
    const name = names.get(part.slice(0, equals).trim());
    if (!name) continue;
    const value = part.slice(equals + 1).trim();
    found[name] = name in found || !/^[\w.~-]{1,2000}$/.test(value) ? undefined : value;
  }
  return found;
}
