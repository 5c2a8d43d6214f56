import { hotp, stepAt } from '../../src/factors/totp/rules.ts';
import { fromBase32 } from '../../src/kit/encoding.ts';
import { optionsOf } from '../kit/keys.ts';
import type { Action, Done } from './action.ts';
import type { Reply, Walker } from './walker.ts';
import { type B, isProtected, mustHaveFactor, proofOf, type Who } from './world.ts';

export type Kind = 'right' | 'wrong' | 'replayed';
const STEP = 30_000;
const HOLD_AND_MORE = 16 * 60_000;

/** A code of this kind and its step; null where this account can't have one. The clock moves on where it must. */
export function codeOf(walker: Walker, who: Who, kind: Kind): { code: string; step: number } | null {
  const account = walker.world.accounts[who];
  if (account.secret === null) return kind === 'wrong' ? { code: '000000', step: 0 } : null;
  const key = fromBase32(account.secret) as Buffer;
  const at = (step: number) => ({ code: hotp(key, step), step });
  if (kind === 'replayed') return at(account.usedStep);
  const now = stepAt(walker.world.now);
  if (kind === 'right') {
    const step = Math.max(account.usedStep + 1, now - 1);
    if (step > now + 1) walker.wait(STEP);
    return at(step);
  }
  const near = new Set([-2, -1, 0, 1, 2].map((offset) => hotp(key, now + offset)));
  for (let n = 0; ; n++) {
    const code = String(n * 111_111).padStart(6, '0');
    if (!near.has(code)) return { code, step: 0 };
  }
}

/** What became of an answer: accepted where the browser got a new session by it. */
function accepted(walker: Walker, b: B, before: Readonly<Record<string, string>>): boolean {
  const { session } = walker.world.browsers[b].cookies;
  return session !== undefined && session !== before['session'];
}

/** True where the password led to the second step, and not past it. */
const asked = (walker: Walker, b: B) => proofOf(walker.world, b, 'session')?.trusted !== true;

const cookiesOf = (walker: Walker, b: B) => ({ ...walker.world.browsers[b].cookies });

export async function typePassword(walker: Walker, b: B, who: Who, right: boolean): Promise<Reply> {
  const { accounts, browsers, now } = walker.world;
  const before = cookiesOf(walker, b);
  const account = accounts[who];
  const password = right ? account.password : 'not-the-password-77';
  const reply = await walker.post(b, '/sign-in', { email: walker.people[who].email, password });
  if (!right) return reply;
  const trusted = browsers[b].trust[who] === account.epoch && isProtected(account);
  walker.earn(b, before, { who, password: now, factor: null, ...(trusted && { trusted }) });
  return reply;
}

/** The second step with a typed code of somebody, right for `who` and perhaps not for whose sign-in it is. */
function typeCode(b: B, who: Who, kind: Kind, trust: boolean): Action {
  return {
    name: `${b} types ${who}'s ${kind} app code${trust ? ' and trusts' : ''}`,
    async do(walker) {
      const half = proofOf(walker.world, b, 'pending');
      const made = codeOf(walker, who, kind);
      if (!made) return null;
      const before = cookiesOf(walker, b);
      const { now, browsers } = walker.world;
      await walker.post(b, '/sign-in/factor/totp', { code: made.code, ...(trust && { trust: 'on' }) });
      const account = walker.world.accounts[who];
      const valid = kind === 'right' && half?.who === who && made.step > account.usedStep;
      if (!valid || !accepted(walker, b, before)) return {};
      walker.earn(b, before, { ...half, factor: now });
      account.usedStep = made.step;
      if (trust) browsers[b].trust[who] = account.epoch;
      return {};
    },
  };
}

/** -> true where it let somebody in, who may then have one code less. */
async function answerWithRecovery(walker: Walker, b: B, who: Who, code: string): Promise<boolean> {
  const half = proofOf(walker.world, b, 'pending');
  const account = walker.world.accounts[who];
  const before = cookiesOf(walker, b);
  await walker.post(b, '/sign-in/factor/recovery-code', { code });
  if (!account.codes.includes(code) || half?.who !== who || !accepted(walker, b, before)) return false;
  walker.earn(b, before, { ...half, factor: walker.world.now });
  account.codes = account.codes.filter((one) => one !== code);
  return true;
}

function typeRecoveryCode(b: B, who: Who): Action {
  return {
    name: `${b} types ${who}'s recovery code`,
    async do(walker) {
      const [code] = walker.world.accounts[who].codes;
      if (!code) return null;
      return (await answerWithRecovery(walker, b, who, code)) ? { mayChange: who } : {};
    },
  };
}

/** Used once, then typed again in the next sign-in. */
function replayRecoveryCode(b: B, who: Who): Action {
  return {
    name: `${b} types ${who}'s recovery code twice`,
    async do(walker) {
      const [code] = walker.world.accounts[who].codes;
      if (!code) return null;
      await typePassword(walker, b, who, true);
      if (!asked(walker, b) || !(await answerWithRecovery(walker, b, who, code))) return null;
      await typePassword(walker, b, who, true);
      await answerWithRecovery(walker, b, who, code);
      return { mayChange: who };
    },
  };
}

/** -> the answer that was sent; null where no key is asked for. */
async function answerWithKey(walker: Walker, b: B, bogus: boolean): Promise<string | null> {
  const half = proofOf(walker.world, b, 'pending');
  const page = await walker.get(b, '/sign-in/factor?method=webauthn');
  if (!half || !page.body.includes('action="/sign-in/factor/webauthn"')) return null;
  const account = walker.world.accounts[half.who];
  const key = walker.keys[half.who];
  key.counter = account.keyCounter;
  const options = optionsOf(page as never, '/sign-in/factor/webauthn');
  const credential = key.get(options, { bogusSignature: bogus });
  const before = cookiesOf(walker, b);
  await walker.post(b, '/sign-in/factor/webauthn', { credential });
  if (bogus || !accepted(walker, b, before)) return credential;
  walker.earn(b, before, { ...half, factor: walker.world.now });
  account.keyCounter = key.counter;
  return credential;
}

function useKey(b: B, kind: 'right' | 'bogus'): Action {
  return {
    name: `${b} uses a key, ${kind}`,
    async do(walker) {
      return (await answerWithKey(walker, b, kind === 'bogus')) === null ? null : {};
    },
  };
}

/** The same answer once more, to the next sign-in that asks for a key. */
function replayKey(b: B, who: Who): Action {
  return {
    name: `${b} uses ${who}'s key and replays its answer`,
    async do(walker) {
      if (!walker.world.accounts[who].key) return null;
      await typePassword(walker, b, who, true);
      const credential = await answerWithKey(walker, b, false);
      if (credential === null) return null;
      await typePassword(walker, b, who, true);
      await walker.get(b, '/sign-in/factor?method=webauthn');
      await walker.post(b, '/sign-in/factor/webauthn', { credential });
      return {};
    },
  };
}

function usePasskey(b: B, who: Who): Action {
  return {
    name: `${b} signs in with ${who}'s passkey`,
    async do(walker) {
      const account = walker.world.accounts[who];
      if (account.keyCounter === 0) return null;
      const page = await walker.get(b, '/sign-in');
      // The page is not shown to whoever is signed in.
      if (page.status !== 200) return null;
      const key = walker.keys[who];
      key.counter = account.keyCounter;
      const credential = key.get(optionsOf(page as never, '/sign-in/passkey'));
      const before = cookiesOf(walker, b);
      await walker.post(b, '/sign-in/passkey', { credential });
      if (!account.key || !accepted(walker, b, before)) return {};
      const { now } = walker.world;
      walker.earn(b, before, { who, password: now, factor: now });
      account.keyCounter = key.counter;
      return {};
    },
  };
}

/** Ten wrong codes, the right one during the hold, the end of the hold, and the password once more. */
function guessUntilHeld(b: B, who: Who): Action {
  return {
    name: `${b} guesses codes of ${who} until they are on hold`,
    async do(walker) {
      const account = walker.world.accounts[who];
      if (account.secret === null) return null;
      const answer = (kind: 'right' | 'wrong') => {
        const { code } = codeOf(walker, who, kind) as { code: string };
        return walker.post(b, '/sign-in/factor/totp', { code });
      };
      let held = false;
      for (let n = 0; n < 12 && !held; n++) {
        if (n % 5 === 0) await typePassword(walker, b, who, true);
        // A trusted browser is not asked.
        if (proofOf(walker.world, b, 'pending')?.who !== who || !asked(walker, b)) return null;
        held = (await answer('wrong')).status === 429;
      }
      if (!held) return { complaint: `a dozen wrong codes of ${who} and no hold` };
      await typePassword(walker, b, who, true);
      const right = await answer('right');
      walker.wait(HOLD_AND_MORE);
      await typePassword(walker, b, who, true);
      return right.status === 429 ? {} : { complaint: `a code was looked at during a hold: ${right.status}` };
    },
  };
}

/** Who must have a factor and has none: the mailed link, opened in this browser. */
function openEnrolmentLink(b: B): Action {
  return {
    name: `${b} opens the mailed link for a first factor`,
    async do(walker) {
      const proof = proofOf(walker.world, b, 'enrolment');
      if (!proof) return null;
      await walker.post(b, '/enrol/send');
      const { email } = walker.people[proof.who];
      const path = await walker.house.link(email, '/enrol').catch(() => null);
      if (path === null) return null;
      const token = new URL(path, 'http://x').searchParams.get('token') ?? '';
      const reply = await walker.post(b, '/enrol', { token });
      const { cookies, proofs } = walker.world.browsers[b];
      if (reply.location === '/account/security' && mustHaveFactor(proof.who))
        proofs[cookies['enrolment'] ?? ''] = { ...proof, mail: true };
      return {};
    },
  };
}

const quiet = (done: Promise<unknown>): Promise<Done> => done.then(() => ({}));

/** The second steps but the keys: of the first of these people also what only needs trying once. */
export function signInActions(b: B, people: readonly Who[]): Action[] {
  return [
    ...people.flatMap((who): Action[] => [
      { name: `${b} types ${who}'s password`, do: (walker) => quiet(typePassword(walker, b, who, true)) },
      { name: `${b} types a wrong password for ${who}`, do: (w) => quiet(typePassword(w, b, who, false)) },
      typeCode(b, who, 'right', false),
      typeCode(b, who, 'replayed', false),
      typeRecoveryCode(b, who),
      replayRecoveryCode(b, who),
    ]),
    typeCode(b, people[0] as Who, 'wrong', false),
    guessUntilHeld(b, people[0] as Who),
    ...(people.includes('bob') ? [openEnrolmentLink(b)] : []),
    { name: `${b} cancels the sign-in`, do: (walker) => quiet(walker.post(b, '/sign-in/cancel')) },
    { name: `${b} signs out`, do: (walker) => quiet(walker.post(b, '/sign-out')) },
  ];
}

/** Keys, passkeys, and browsers that are trusted. */
export function keyActions(b: B, who: Who): Action[] {
  return [
    useKey(b, 'right'),
    useKey(b, 'bogus'),
    replayKey(b, who),
    usePasskey(b, who),
    typeCode(b, who, 'right', true),
  ];
}
