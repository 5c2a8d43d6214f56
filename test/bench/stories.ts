import { appStories } from './app-stories.ts';
import type { Answer } from './connection.ts';
import { hostStories } from './host-stories.ts';
import { keyStories } from './key-stories.ts';
import { codeOf, emailOf, password, pendingTokenOf, sessionTokenOf } from './people.ts';
import {
  cookieFrom,
  expect,
  get,
  knownBrowser,
  post,
  type Request,
  type Routes,
  type Story,
} from './requests.ts';
import { textStories } from './text-stories.ts';

// What people do, one generator per story: it yields requests and is given the answers. The load times every request
// under its label and every story as a whole; an answer that a story does not expect is an error of the run.

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
  ...hostStories,
  ...appStories,
  ...keyStories,
  ...textStories,
} satisfies Record<string, Story>;

export type StoryName = keyof typeof stories;
