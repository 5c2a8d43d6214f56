import type { Answer } from './connection.ts';
import { answerOf, challengeOf } from './keys.ts';
import { pendingTokenOf } from './people.ts';
import { cookieFrom, expect, get, knownBrowser, post, type Routes, type Story } from './requests.ts';

// Ways in that only the product has, with a key.

function challengeIn({ body }: Answer): string {
  const found = /&quot;challenge&quot;:&quot;([\w-]+)&quot;/.exec(body);
  if (!found) throw new Error('the sign-in page asks for no passkey');
  return found[1]!;
}

function credential({ host }: Routes, person: number, challenge: string): string {
  return `credential=${encodeURIComponent(answerOf(person, challenge, `http://${host}`))}`;
}

export const keyStories = {
  /** The password has passed, and the key has been asked. */
  *keyStep(routes, person) {
    const cookies = `pending=${pendingTokenOf(person)}; ${knownBrowser(person)}`;
    const form = credential(routes, person, challengeOf(person));
    const answer = yield post(routes, 'key', '/sign-in/factor/webauthn', cookies, form);
    expect(answer, 303, `person ${person}, key`);
    cookieFrom(answer, 'session');
  },
  /** As a browser with autofill does it: the page asks, and the passkey answers. */
  *passkey(routes, person) {
    const browser = knownBrowser(person);
    const page = yield { ...get(routes, 'page that asks', routes.signIn, browser), reads: true };
    expect(page, 200, `person ${person}, sign-in page`);
    const cookies = `${cookieFrom(page, 'passkey')}; ${browser}`;
    const form = credential(routes, person, challengeIn(page));
    const answer = yield post(routes, 'passkey', '/sign-in/passkey', cookies, form);
    expect(answer, 303, `person ${person}, passkey`);
    cookieFrom(answer, 'session');
  },
} satisfies Record<string, Story>;
