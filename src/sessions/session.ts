import type { Account } from '../accounts/account.ts';
import type { Lifetimes } from '../config.ts';

/** What was proven: the password, two factors, or a factor that no look-alike page could have passed on. */
export type Acr = 'pwd' | 'mfa' | 'phr';

const RANKS: Readonly<Record<Acr, number>> = { pwd: 0, mfa: 1, phr: 2 };

/** A higher one meets a demand for a lower one. */
export function higherAcr(one: Acr, other: Acr): Acr {
  return RANKS[one] >= RANKS[other] ? one : other;
}

/** A higher proof meets a lower demand (contract 5). */
export function meets(proven: Acr, demand: Acr): boolean {
  return RANKS[proven] >= RANKS[demand];
}

export interface Session {
  readonly id: string;
  readonly account_id: string;
  /** RFC 8176 values, space-separated. */
  readonly amr: string;
  readonly acr: Acr;
  /** What stood beside the password when it was made: `totp`, `recovery-code`, …; null for the password alone. */
  readonly method: string | null;
  readonly step_up_at: number | null;
  readonly network: string;
  readonly browser: string;
  readonly created_at: number;
  readonly last_used_at: number;
  readonly expires_at: number;
}

/** A full sign-in, checked against the database on this very request (R50). */
export interface SignedIn {
  readonly session: Session;
  readonly account: Account;
  /** From when on a rule will demand a second factor, of somebody who has none; without it none is coming. */
  readonly requiredFrom?: number;
}

/** Both limits, on the server (R52). */
export function isAlive(
  session: Pick<Session, 'expires_at' | 'last_used_at'>,
  now: number,
  { sessionIdle }: Pick<Lifetimes, 'sessionIdle'>,
): boolean {
  return now < session.expires_at && now - session.last_used_at < sessionIdle;
}

/** What a session opens anything by, as it is on this very request (R50). */
export interface Standing {
  readonly session: Pick<Session, 'expires_at' | 'last_used_at'>;
  readonly account: Pick<Account, 'suspended_at' | 'two_factor_at'>;
  /** From when on a rule demands a second factor of its person; null where none does, or will. */
  readonly ruledFrom: number | null;
}

/** A rule that came into force meanwhile ends what the password alone had opened: signing in anew leads to enrolment. */
export function opens(
  { session, account, ruledFrom }: Standing,
  now: number,
  lifetimes: Pick<Lifetimes, 'sessionIdle'>,
): boolean {
  if (!isAlive(session, now, lifetimes) || account.suspended_at !== null) return false;
  return account.two_factor_at !== null || ruledFrom === null || ruledFrom > now;
}

/** Password and factor were proven at most `stepUpMax` ago (R38). */
export function isFresh(session: Session, now: number, { stepUpMax }: Pick<Lifetimes, 'stepUpMax'>): boolean {
  return session.step_up_at !== null && now - session.step_up_at <= stepUpMax;
}

/** How old `last_used_at` may grow before it is written again: a write on every page would cost a sync each. */
export function touchAfter({ sessionIdle }: Pick<Lifetimes, 'sessionIdle'>): number {
  return Math.min(60_000, sessionIdle / 10);
}
