import type { House } from '../kit/house.ts';

export interface Sent {
  readonly status: number;
  readonly location: string;
  readonly body: string;
}

/** One of several servers on a database: takes a form, with exactly these cookies. */
export interface Instance {
  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    cookies?: ReadonlyMap<string, string>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Sent>;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };

function headersFor(
  origin: string,
  cookies: ReadonlyMap<string, string> = new Map(),
  headers: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  // A program sends neither.
  return { ...FORM, ...(cookie && { cookie, origin }), ...headers };
}

/** In this process, without a socket. */
export function instanceIn({ app }: House): Instance {
  return {
    async post(path, fields, cookies, headers) {
      const answer = await app.server.inject({
        method: 'POST',
        url: path,
        headers: headersFor(app.deps.config.baseUrl, cookies, headers),
        payload: new URLSearchParams(fields).toString(),
      });
      return {
        status: answer.statusCode,
        location: String(answer.headers.location ?? ''),
        body: answer.body,
      };
    },
  };
}

/** A process of its own at this port, which knows itself by another address. */
export function instanceAt(port: number, baseUrl: string): Instance {
  return {
    async post(path, fields, cookies, headers) {
      const response = await fetch(`http://localhost:${port}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: headersFor(baseUrl, cookies, headers),
        body: new URLSearchParams(fields).toString(),
      });
      const location = response.headers.get('location') ?? '';
      return { status: response.status, location, body: await response.text() };
    },
  };
}
