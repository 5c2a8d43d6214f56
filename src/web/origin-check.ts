/**
 * Cross-site request forgery (R54): a write must come from our own pages. Both headers absent means it is not a
 * browser; SameSite=Lax is the second wall. `Origin: null` (sandboxed frames, some redirects) passes only when the
 * browser itself says that the request is same-origin.
 */
export function isOwnOrigin(
  headers: { origin?: string | undefined; 'sec-fetch-site'?: string | string[] | undefined },
  baseUrl: string,
): boolean {
  const site = headers['sec-fetch-site'];
  const origin = headers.origin;
  if (site !== undefined) {
    if (site !== 'same-origin' && site !== 'none') return false;
    return origin === undefined || origin === 'null' || origin === baseUrl;
  }
  return origin === undefined || origin === baseUrl;
}

export const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
