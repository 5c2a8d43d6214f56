/** On every answer, errors and redirects too (R77). */
export function commonHeaders(secure: boolean): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    // Not no-referrer: it makes form posts send `Origin: null`, which the origin check could not tell from a sandbox.
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
    // A dynamic answer may name a person; static files say otherwise themselves.
    'cache-control': 'no-store',
    ...(secure ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  };
}

/**
 * For whoever signs out: pages that are kept, and what a script has stored. Never "cookies": the browser that signed in
 * fully before stays known (contract).
 */
export const CLEAR_SITE_DATA = { 'clear-site-data': '"cache", "storage"' };

/** For answers without a page of ours in them. */
export const BARE_CSP = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `formTargets`: origins besides ours that a form of this page may be redirected to (OpenID Connect). */
export function pageCsp(nonce: string, formTargets: readonly string[] = []): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ["form-action 'self'", ...formTargets].join(' '),
  ].join('; ');
}
