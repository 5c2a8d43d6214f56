/** Every cookie that we set or read, by its plain name; `cookies.ts` adds the prefix. */
export const COOKIES = [
  // A full sign-in.
  'session',
  // The password passed, the factor has not.
  'pending',
  // May enrol a factor, and nothing else.
  'enrolment',
  // Signed in fully before.
  'browser',
  // Asks no second step for a while.
  'trusted',
  // The sentence that the next page says.
  'notice',
  // What a passkey is asked to sign.
  'passkey',
  // Sign-ins for apps that began here.
  'interaction',
  // The language that an app asked for.
  'language',
  // Where to go on after a detour.
  'way',
  // A new secret, until the page that shows it.
  'once',
  // A sign-in that an administrator tries.
  'trial',
  // At a protected host: signed in there, and about to be.
  'countersign-app',
  'countersign-begin',
] as const;

export type CookieName = (typeof COOKIES)[number];
