import type { Answer } from './connection.ts';
import { browserTokenOf, codeOf, emailOf, password, pendingTokenOf, sessionTokenOf } from './people.ts';

// What people do, one generator per story: it yields requests and is given the answers. The load times every request
// under its label and every story as a whole; an answer that a story does not expect is an error of the run.

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
}

export type Story = (routes: Routes, person: number) => Generator<Request, void, Answer>;

// As much as a browser says of itself; every server here reads it.
const browser =
  'user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n' +
  'accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\naccept-language: en-GB,en;q=0.5\r\n';

function get({ host }: Routes, label: string, path: string, cookie: string): Request {
  return { label, text: `GET ${path} HTTP/1.1\r\nhost: ${host}\r\n${browser}cookie: ${cookie}\r\n\r\n` };
}

function post({ host }: Routes, label: string, path: string, cookie: string, body: string): Request {
  const text =
    `POST ${path} HTTP/1.1\r\nhost: ${host}\r\n${browser}origin: http://${host}\r\nsec-fetch-site: same-origin\r\n` +
    `content-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\ncookie: ${cookie}\r\n\r\n${body}`;
  return { label, text };
}

function expect(answer: Answer, status: number, what: string): void {
  if (answer.status !== status) throw new Error(`${what}: expected ${status}, got\n${answer.head}`);
}

/** `name=value` of a cookie that the answer sets. */
function cookieFrom(answer: Answer, name: string): string {
  const found = new RegExp(`\\r\\nset-cookie: (${name}=[^;\\r]+)`, 'i').exec(answer.head);
  if (!found) throw new Error(`no cookie ${name} in\n${answer.head}`);
  return found[1]!;
}

const knownBrowser = (person: number) => `browser=${browserTokenOf(person)}`;

function* firstStep(routes: Routes, person: number): Generator<Request, string, Answer> {
  const form = `email=${encodeURIComponent(emailOf(person))}&password=${encodeURIComponent(password)}`;
  const answer = yield post(routes, 'first step', routes.signIn, knownBrowser(person), form);
  expect(answer, 303, `person ${person}, first step`);
  return cookieFrom(answer, 'pending');
}

function* secondStep(routes: Routes, person: number, pending: string): Generator<Request, void, Answer> {
  const answer = yield post(
    routes,
    'second step',
    routes.secondStep,
    `${pending}; ${knownBrowser(person)}`,
    `code=${codeOf(person)}`,
  );
  expect(answer, 303, `person ${person}, second step`);
  cookieFrom(answer, 'session');
}

export const stories = {
  *signIn(routes, person) {
    const pending = yield* firstStep(routes, person);
    yield* secondStep(routes, person, pending);
  },
  *secondStep(routes, person) {
    yield* secondStep(routes, person, `pending=${pendingTokenOf(person)}`);
  },
  *check(routes, person) {
    const answer = yield get(routes, 'check', routes.check, `session=${sessionTokenOf(person)}`);
    expect(answer, routes.checked, `person ${person}, session check`);
  },
  *page(routes, person) {
    const answer = yield get(routes, 'page', routes.page, `session=${sessionTokenOf(person)}`);
    expect(answer, 200, `person ${person}, signed-in page`);
  },
} satisfies Record<string, Story>;

export type StoryName = keyof typeof stories;
