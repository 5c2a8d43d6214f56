import type { FastifyInstance } from 'fastify';
import { fieldsAsBody } from '../../src/cli/fields-as-body.ts';
import type { Route, Takes } from '../../src/web/route.ts';

export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** The same as it came, for what is no text. */
  readonly bytes: Buffer;
  /** Where a 303 leads, else ''. */
  readonly location: string;
  json<T>(): T;
  /** The value of an input by its name, from the markup. */
  field(name: string): string;
}

type Fields = Readonly<Record<string, string>> | string;

/** A small browser: keeps cookies, says that it is same-origin, posts forms. It follows nothing by itself. */
export class Browser {
  readonly #server: FastifyInstance;
  readonly cookies = new Map<string, string>();
  /** The address the server sees. */
  network = '127.0.0.1';
  userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

  constructor(server: FastifyInstance) {
    this.#server = server;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Page> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, fields: Fields = {}, headers: Record<string, string> = {}): Promise<Page> {
    const body = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString();
    return this.send('POST', path, body, { 'content-type': 'application/x-www-form-urlencoded', ...headers });
  }

  /** As the route wants it: its method, and the fields in the kind of body that it takes. */
  call(
    { method, takes }: { readonly method: Route['method']; readonly takes?: Takes | undefined },
    path: string,
    fields: Readonly<Record<string, string>> = {},
    headers: Record<string, string> = {},
  ): Promise<Page> {
    if (method === 'GET') return this.get(path, headers);
    const { type, text } = fieldsAsBody(takes, fields);
    return this.send(method, path, text, { 'content-type': type, ...headers });
  }

  /** Posts, insists on a 303 and gets the page it leads to. */
  async submit(path: string, fields: Fields = {}): Promise<Page> {
    const answer = await this.post(path, fields);
    if (answer.status !== 303)
      throw new Error(`POST ${path} answered ${answer.status}: ${textOf(answer.body)}`);
    return this.get(answer.location);
  }

  async send(
    method: string,
    path: string,
    payload: string | Buffer | undefined,
    headers: Record<string, string>,
  ): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.#server.inject({
      method: method as 'GET',
      url: path,
      remoteAddress: this.network,
      headers: {
        'user-agent': this.userAgent,
        'accept-language': 'en',
        ...(method === 'GET' ? {} : { 'sec-fetch-site': 'same-origin' }),
        ...(cookie ? { cookie } : {}),
        ...headers,
      },
      ...(payload === undefined ? {} : { payload }),
    });
    this.#keep(response.headers['set-cookie']);
    const body = response.body;
    return {
      status: response.statusCode,
      headers: response.headers as Page['headers'],
      body,
      bytes: response.rawPayload,
      location: String(response.headers.location ?? ''),
      json: () => JSON.parse(body),
      field: (name) => decode(new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(body)?.[1] ?? ''),
    };
  }

  #keep(header: string | string[] | undefined): void {
    for (const line of [header ?? []].flat()) {
      const [pair = '', ...attributes] = line.split('; ');
      const equals = pair.indexOf('=');
      const name = pair.slice(0, equals);
      if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
      else this.cookies.set(name, pair.slice(equals + 1));
    }
  }
}

/** The words of a page, for messages and expectations. */
export function textOf(markup: string): string {
  const text = markup.replace(/<(style|script|svg)[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]+>/g, ' ');
  return decode(text).replace(/\s+/g, ' ').trim();
}

function decode(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
