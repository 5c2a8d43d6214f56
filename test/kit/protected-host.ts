import { operatorsPlace } from '../../src/cli/find-account.ts';
import { createClient } from '../../src/clients/change-clients.ts';
import { type ClientSettings, NO_SETTINGS } from '../../src/clients/client.ts';
import type { Browser, Page } from './browser.ts';
import type { House } from './house.ts';

export type ProxyKind = 'nginx' | 'caddy';

/** A host whose proxy asks here, as one browser sees it: with the cookies of that host, which are no others. */
export class ProtectedHost {
  readonly origin: string;
  readonly clientId: string;
  readonly proxy: ProxyKind;
  readonly jar: Browser;
  readonly #house: House;

  constructor(house: House, origin: string, clientId: string, proxy: ProxyKind) {
    this.#house = house;
    this.origin = origin;
    this.clientId = clientId;
    this.proxy = proxy;
    this.jar = house.browser();
  }

  /** The same host in another browser. */
  elsewhere(proxy = this.proxy): ProtectedHost {
    return new ProtectedHost(this.#house, this.origin, this.clientId, proxy);
  }

  /** What the proxy says of a request, in the headers of its kind. */
  headers(address: string): Record<string, string> {
    const { host, protocol, pathname, search } = new URL(address, this.origin);
    const path = pathname + search;
    return this.proxy === 'nginx'
      ? { 'x-original-url': this.origin + path, 'x-original-method': 'GET' }
      : {
          'x-forwarded-proto': protocol.slice(0, -1),
          'x-forwarded-host': host,
          'x-forwarded-uri': path,
          'x-forwarded-method': 'GET',
        };
  }

  /** What the proxy is told about a request for this page. */
  check(path = '/', headers: Record<string, string> = {}): Promise<Page> {
    return this.jar.get('/forward-auth', { accept: 'text/html', ...this.headers(path), ...headers });
  }

  /** A page under `/.countersign`, which the proxy routes to us as it is. */
  own(path: string, headers: Record<string, string> = {}): Promise<Page> {
    const place = this.ownPath(path);
    return this.jar.get(place, { accept: 'text/html', ...this.headers(path), ...headers });
  }

  postOwn(path: string, headers: Record<string, string> = {}): Promise<Page> {
    const own = { origin: this.origin, ...this.headers(path), ...headers };
    return this.jar.post(this.ownPath(path), {}, own);
  }

  /** `https://wiki.example.org/.countersign/callback?…` -> our own path. */
  ownPath(address: string): string {
    const { pathname, search } = new URL(address, this.origin);
    return pathname.replace('/.countersign', '/forward-auth') + search;
  }

  /** From the page that was asked for to our own origin's part of the way. -> a path there */
  async begin(path = '/'): Promise<string> {
    const { location } = await this.check(path);
    const { location: start } = await this.own(location);
    return start.slice(this.#house.app.deps.config.baseUrl.length);
  }

  /** As a browser that is signed in already goes. -> where it ends, and null where it is not let through */
  async enter(browser: Browser, path = '/'): Promise<string | null> {
    const callback = await callbackOf(browser, await this.begin(path));
    if (callback === null) return null;
    return (await this.own(callback)).location;
  }

  async isOpen(): Promise<boolean> {
    return (await this.check()).status === 200;
  }
}

/** Where the page at `start` leads on to; null where it does not. */
export async function callbackOf(browser: Browser, start: string): Promise<string | null> {
  const { headers } = await browser.get(start);
  return /^0;url=(.*)$/.exec(String(headers['refresh'] ?? ''))?.[1] ?? null;
}

export async function protectHost(
  house: House,
  settings: Partial<ClientSettings> = {},
  proxy: ProxyKind = 'caddy',
): Promise<ProtectedHost> {
  const { deps } = house.app;
  const by = { place: operatorsPlace(deps), actor: 'operator' };
  const full = { ...NO_SETTINGS, name: 'Wiki', origin: 'https://wiki.example.org', ...settings };
  const { clientId } = await createClient(deps, by, 'forward-auth', false, full);
  return new ProtectedHost(house, full.origin as string, clientId, proxy);
}
