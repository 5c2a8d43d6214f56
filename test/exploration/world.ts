// What the walker knows of the world by itself, without asking the product: who has proven what, where and when.

export const PEOPLE = ['ann', 'bob'] as const;
export type Who = (typeof PEOPLE)[number];
export const BROWSERS = [0, 1] as const;
export type B = (typeof BROWSERS)[number];

/** What the holder of one cookie has proven. Instants in epoch milliseconds. */
export interface Proof {
  readonly who: Who;
  /** When the password was typed. */
  readonly password: number;
  /** When a factor was proven that was enrolled then; null for the password alone. */
  readonly factor: number | null;
  /** A browser that its owner trusted with a factor: the password is enough for a session, and for nothing more. */
  readonly trusted?: boolean;
  /** A link from the person's mail was opened in this browser. */
  readonly mail?: boolean;
}

export interface Draft {
  /** The cookie that began it. */
  readonly holder: string;
  readonly secret: string;
  readonly codes: readonly string[];
  readonly at: number;
}

export interface BrowserState {
  cookies: Record<string, string>;
  /** By the value of a cookie; what is not here must open nothing. */
  proofs: Record<string, Proof>;
  /** The password typed once more, by the session's cookie. */
  confirmed: Record<string, number>;
  draft: Draft | null;
  /** Who trusts this browser, and in which epoch of theirs. */
  trust: Partial<Record<Who, number>>;
}

export interface AccountState {
  /** Rises with every change that must end trust and proofs. */
  epoch: number;
  password: string;
  suspended: boolean;
  secret: string | null;
  /** The newest time step whose code was accepted; it and all before it are spent. */
  usedStep: number;
  codes: readonly string[];
  key: boolean;
  keyCounter: number;
}

export interface World {
  now: number;
  browsers: [BrowserState, BrowserState];
  accounts: Record<Who, AccountState>;
}

export const STEP_UP_MAX = 60 * 60_000;
export const DRAFT_MAX = 10 * 60_000;
/** Longer than the product's own ten minutes: so that a story of many codes is not one of waiting. */
export const LIFETIMES = {
  STEP_UP_MAX: '1h',
  PENDING_MAX: '1h',
  SESSION_IDLE: '5h',
  SESSION_MAX: '10h',
} as const;

/** Bob administers: the product demands a second factor of him. */
export function mustHaveFactor(who: Who): boolean {
  return who === 'bob';
}

export function isProtected({ secret, key }: AccountState): boolean {
  return secret !== null || key;
}

/** What the cookie in this browser stands for, as far as the walker knows. */
export function proofOf(world: World, b: B, cookie: 'session' | 'pending' | 'enrolment'): Proof | null {
  const { cookies, proofs } = world.browsers[b];
  return proofs[cookies[cookie] ?? ''] ?? null;
}

/** Signed in, and password and factor (where there is one) proven at most an hour ago: who may change their security. */
export function steppedUp(world: World, b: B): Who | null {
  const proof = proofOf(world, b, 'session');
  if (!proof || !isFresh(world, proof)) return null;
  return proof.who;
}

function isFresh(world: World, proof: Proof): boolean {
  if (world.now - proof.password > STEP_UP_MAX) return false;
  if (!isProtected(world.accounts[proof.who])) return true;
  return proof.factor !== null && world.now - proof.factor <= STEP_UP_MAX;
}

/** Stepped up, or holding a pass for enrolment that more than the password has proven: who may set a factor up. */
export function mayEnrol(world: World, b: B): Who | null {
  const session = steppedUp(world, b);
  if (session !== null) return session;
  const pass = proofOf(world, b, 'enrolment');
  return pass?.mail ? pass.who : null;
}

/** What a change of somebody's security ends: every proof but the one that made it. */
export function endProofs(world: World, who: Who, except: string | undefined): void {
  const account = world.accounts[who];
  account.epoch++;
  for (const browser of world.browsers) {
    for (const [token, proof] of Object.entries(browser.proofs))
      if (proof.who === who && token !== except) delete browser.proofs[token];
  }
}
