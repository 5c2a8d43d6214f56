import { textOf } from './browser.ts';

export interface Reply {
  readonly status: number;
  readonly location: string;
  readonly body: string;
  readonly headers: Headers;
}

/** A raw HTTP client with a cookie jar, for a server that runs as its own process. Follows nothing. */
export class HttpClient {
  readonly #origin: string;
  readonly cookies = new Map<string, string>();
  constructor(origin: string) {
    this.#origin = origin;
  }

  get(path: string): Promise<Reply> {
    return this.#send(path, { method: 'GET' });
  }

  post(path: string, fields: Record<string, string> = {}): Promise<Reply> {
    return this.#send(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  /** Posts, insists on a 303 and gets the page it leads to. */
  async submit(path: string, fields: Record<string, string> = {}): Promise<Reply> {
    const reply = await this.post(path, fields);
    if (reply.status !== 303) throw new Error(`POST ${path} answered ${reply.status}: ${textOf(reply.body)}`);
    return this.get(reply.location);
  }

  async #send(path: string, init: RequestInit): Promise<Reply> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { origin: this.#origin, 'accept-language': 'en', ...(cookie ? { cookie } : {}) };
    const response = await fetch(new URL(path, this.#origin), { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split('; ');
      const equals = pair.indexOf('=');
      if (line.includes('Max-Age=0')) this.cookies.delete(pair.slice(0, equals));
      else this.cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    const location = response.headers.get('location') ?? '';
    return { status: response.status, location, body: await response.text(), headers: response.headers };
  }
}
