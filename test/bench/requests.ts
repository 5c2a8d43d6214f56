import type { Answer } from './connection.ts';
import { browserTokenOf } from './people.ts';

// What a story is made of: requests as a browser writes them, and what it makes of the answers.

/** Where a server keeps what every sign-in server has. */
export interface Routes {
  /** `localhost:PORT`, also the origin's. */
  host: string;
  signIn: string;
  secondStep: string;
  /** Answers `checked` to a live session, something else to anybody else. */
  check: string;
  checked: number;
  page: string;
}

export interface Request {
  label: string;
  text: string;
  /** The story reads the body of the answer; the load throws others away. */
  reads?: boolean;
}

export type Story = (routes: Routes, person: number) => Generator<Request, void, Answer>;

// As much as a browser says of itself; every server here reads it.
const browser =
  'user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n' +
  'accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\naccept-language: en-GB,en;q=0.5\r\n';

/** `more`: further header lines, each with its line break. */
export function get({ host }: Routes, label: string, path: string, cookie: string, more = ''): Request {
  return {
    label,
    text: `GET ${path} HTTP/1.1\r\nhost: ${host}\r\n${browser}${more}cookie: ${cookie}\r\n\r\n`,
  };
}

export function post({ host }: Routes, label: string, path: string, cookie: string, body: string): Request {
  const text =
    `POST ${path} HTTP/1.1\r\nhost: ${host}\r\n${browser}origin: http://${host}\r\nsec-fetch-site: same-origin\r\n` +
    `content-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\ncookie: ${cookie}\r\n\r\n${body}`;
  return { label, text };
}

export function expect(answer: Answer, status: number, what: string): void {
  if (answer.status !== status) throw new Error(`${what}: expected ${status}, got\n${answer.head}`);
}

/** `name=value` of a cookie that the answer sets. */
export function cookieFrom(answer: Answer, name: string): string {
  const found = new RegExp(`\\r\\nset-cookie: (${name}=[^;\\r]+)`, 'i').exec(answer.head);
  if (!found) throw new Error(`no cookie ${name} in\n${answer.head}`);
  return found[1]!;
}

export const knownBrowser = (person: number) => `browser=${browserTokenOf(person)}`;
