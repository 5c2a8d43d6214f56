import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Html } from '../kit/html.ts';
import type { CookieName } from './cookie-names.ts';

export interface SetCookie {
  /** The prefix is added by `web/cookies`. */
  readonly name: CookieName;
  /** null removes it. */
  readonly value: string | null;
  /** Seconds; without it the cookie ends with the browser. */
  readonly maxAge?: number;
  /** For a host other than BASE_URL's: whether that one is on https. */
  readonly secure?: boolean;
}

/** Removes them from the browser. */
export function forget(...names: readonly CookieName[]): SetCookie[] {
  return names.map((name) => ({ name, value: null }));
}

export interface Answer {
  readonly status: number;
  readonly cookies: readonly SetCookie[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Html | string | Buffer | Readable | Relay | null;
}

/** A library that speaks HTTP itself writes the rest; our headers are set already. Must not throw. */
export type Relay = (response: ServerResponse) => Promise<void>;

type Extras = { cookies?: readonly SetCookie[]; headers?: Record<string, string> };

export function page(body: Html, status = 200, { cookies = [], headers = {} }: Extras = {}): Answer {
  return { status, cookies, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, body };
}

/** Post/Redirect/Get: a reload never repeats what was posted. `location` is a path of ours. */
export function seeOther(location: string, { cookies = [], headers = {} }: Extras = {}): Answer {
  return { status: 303, cookies, headers: { location, ...headers }, body: null };
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  const body = JSON.stringify(value);
  return {
    status,
    cookies: [],
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body,
  };
}
