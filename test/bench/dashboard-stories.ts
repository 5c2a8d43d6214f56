import { accountIdOf, emailOf, sessionTokenOf } from './people.ts';
import { expect, get, type Routes, type Story } from './requests.ts';

// What the first administrator, who is person 0, looks at.

function looking(label: string, query: string): Story {
  return function* look(routes: Routes, person: number) {
    const answer = yield get(routes, label, `/admin/people${query}`, `session=${sessionTokenOf(0)}`);
    expect(answer, 200, `${label} of person ${person}`);
  };
}

export const dashboardStories = {
  peopleFirst: looking('first page', ''),
  peopleLater: looking('a later page', `?after=${accountIdOf(500)}`),
  /** Everybody is called Person. */
  peopleByName: looking('by name', '?q=person'),
  peopleByWords: looking('by two words', '?q=person+77'),
  peopleByAddress: looking('by address', `?q=${encodeURIComponent(emailOf(77).slice(0, -3))}`),
  peopleInState: looking('administrators', '?show=administrators'),
} satisfies Record<string, Story>;
