/** What a proxy asks about: one request of somebody at a host that it protects. */
export interface Asked {
  /** As `new URL(…).origin` writes it. */
  readonly origin: string;
  /** Path and query as they were sent; `/` where they are none that a redirect could carry. */
  readonly path: string;
  /** nginx knows 401 and 403 only, and leads people to sign in itself. */
  readonly redirects: boolean;
}

type Headers = Readonly<Record<string, string | undefined>>;

/** Where the protected host routes what is ours: `/.countersign/callback` is our `/forward-auth/callback`. */
export const OWN_PATH = '/.countersign';

/** Room for the redirects that carry it twice encoded, and for proxies that give headers 4 KiB. */
const LONGEST_PATH = 1_200;

/**
 * nginx says it in `X-Original-URL`, Caddy and Traefik in `X-Forwarded-Proto`, `-Host` and `-Uri`. A client can send
 * the ones that its proxy does not set: where both are there and name different hosts, somebody with a cookie of one
 * host may be trying it at another, and nothing of it is believed. Null: not asked by a proxy, or not plainly.
 */
export function readAsked(headers: Headers): Asked | null {
  const { 'x-original-url': original, 'x-forwarded-host': host } = headers;
  if (original === undefined) return fromForwarded(headers);
  const asked = fromUrl(original, false);
  if (asked === null || host === undefined) return asked;
  return fromUrl(`${new URL(asked.origin).protocol}//${host}`, false)?.origin === asked.origin ? asked : null;
}

function fromForwarded(headers: Headers): Asked | null {
  const { 'x-forwarded-host': host, 'x-forwarded-proto': protocol, 'x-forwarded-uri': uri } = headers;
  if (host === undefined || (protocol !== 'https' && protocol !== 'http')) return null;
  if (!/^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/i.test(host)) return null;
  return fromUrl(`${protocol}://${host}${uri?.startsWith('/') ? uri : '/'}`, true);
}

function fromUrl(text: string, redirects: boolean): Asked | null {
  // Two lines of one header arrive as one, with a comma and a space: nothing but a path may follow the host, and no
  // request line has a space in its path. Nothing else that counts as one: bytes of letters do, `à` for one.
  const found = / |\t/.test(text) ? undefined : /^https?:\/\/[^/?#\\@,\s]+(?=[/?]|$)/i.exec(text)?.[0];
  const origin = found === undefined ? null : originOf(found);
  if (found === undefined || origin === null) return null;
  return { origin, path: pathToReturn(text.slice(found.length)), redirects };
}

const origins = new Map<string, string | null>();
const REMEMBERED = 500;

/** The same few hosts again and again, thousands of times a second. Null: no address. */
function originOf(address: string): string | null {
  let origin = origins.get(address);
  if (origin === undefined) {
    origin = URL.canParse(address) ? new URL(address).origin : null;
    if (origins.size >= REMEMBERED) origins.clear();
    origins.set(address, origin);
  }
  return origin;
}

/** Only what can stand in a `Location` behind an origin; without its query where it is long, `/` where it still is. */
export function pathToReturn(path: string): string {
  if (!/^\/[\x21-\x7e]*$/.test(path) || path.includes('#')) return '/';
  // Encoded, a character of these is three at most.
  if (path.length <= LONGEST_PATH / 3 || encodeURIComponent(path).length <= LONGEST_PATH) return path;
  const [bare = '/'] = path.split('?');
  return encodeURIComponent(bare).length <= LONGEST_PATH ? bare : '/';
}

/** `rd=https://wiki.example.org/page?x=1` -> both parts; null where it is no address. */
export function readTarget(text: string): Pick<Asked, 'origin' | 'path'> | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const { origin, pathname, search } = new URL(text);
  return { origin, path: pathToReturn(pathname + search) };
}

/** Somebody looks at a page: to a script, a picture or a program, a redirect to a sign-in would be of no use. */
export function isNavigation(headers: Headers): boolean {
  const mode = headers['sec-fetch-mode'];
  if (mode !== undefined) return mode === 'navigate';
  if (/^xmlhttprequest$/i.test(headers['x-requested-with'] ?? '')) return false;
  const accept = headers['accept'] ?? '*/*';
  return /text\/html|\*\/\*/i.test(accept) && !/^\s*application\/json\b/i.test(accept);
}
