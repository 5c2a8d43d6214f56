import { hostTokenOf, PROTECTED_ORIGIN } from './people.ts';
import { expect, get, type Story } from './requests.ts';

// What a proxy asks before it lets a request through, and what the least that Fastify can be asked costs.

export const hostStories = {
  *forwardAuth(routes, person) {
    const cookie = `__Host-countersign-app=${hostTokenOf(person)}`;
    const asked = `x-original-url: ${PROTECTED_ORIGIN}/page/${person}?x=1\r\nx-original-method: GET\r\n`;
    const answer = yield get(routes, 'forward-auth', '/forward-auth', cookie, asked);
    expect(answer, 200, `person ${person}, forward-auth`);
  },
  /** The same request, of a server that looks at nothing of it. */
  *hello(routes, person) {
    const cookie = `__Host-countersign-app=${hostTokenOf(person)}`;
    const asked = `x-original-url: ${PROTECTED_ORIGIN}/page/${person}?x=1\r\nx-original-method: GET\r\n`;
    const answer = yield get(routes, 'hello', routes.check, cookie, asked);
    expect(answer, routes.checked, `person ${person}, hello`);
  },
} satisfies Record<string, Story>;
