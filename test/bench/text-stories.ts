import { pendingTokenOf, sessionTokenOf } from './people.ts';
import { expect, get, knownBrowser, post, type Story } from './requests.ts';

// What people meet while the text gateway hangs.

export const textStories = {
  /** Wants a code, and is told that none could be sent. */
  *textFails(routes, person) {
    const cookies = `pending=${pendingTokenOf(person)}; ${knownBrowser(person)}`;
    const answer = yield post(routes, 'send', '/sign-in/factor/sms/send', cookies, '');
    expect(answer, 503, `person ${person}, text message`);
  },
  /** Wants nothing of the gateway. */
  *looks(routes, person) {
    const form = yield get(routes, 'sign-in page', routes.signIn, '');
    expect(form, 200, `person ${person}, sign-in page`);
    const page = yield get(routes, 'signed-in page', routes.page, `session=${sessionTokenOf(person)}`);
    expect(page, 200, `person ${person}, signed-in page`);
  },
} satisfies Record<string, Story>;
