import { DAY, HOUR } from '../kit/clock.ts';

/** A temporary pass: one hour, once. */
export const PASS_LIFETIME = HOUR;
/** After the waiting time a request can be approved for so long; nobody should find an old one and believe it. */
export const REQUEST_LIFETIME = 30 * DAY;
/** So many requests in so long a time; what follows goes to a person. */
export const MOST_REQUESTS = 3;
export const REQUEST_WINDOW = 30 * DAY;

/** What the state of a request depends on. */
export interface RequestTimes {
  readonly security_version: number;
  readonly created_at: number;
  readonly effective_at: number;
  readonly cancelled_at: number | null;
  readonly approved_at: number | null;
  readonly refused_at: number | null;
  readonly completed_at: number | null;
}

/**
 * `waiting`, `ready`: open, before and after the waiting time. `approved`: the temporary pass is out. `lapsed`: nobody
 * decided, or the pass was not used in its hour. `overtaken`: the account's security has changed since.
 */
export type RequestState =
  | 'waiting'
  | 'ready'
  | 'approved'
  | 'completed'
  | 'cancelled'
  | 'refused'
  | 'lapsed'
  | 'overtaken';

export function stateOf(request: RequestTimes, securityVersion: number, now: number): RequestState {
  const { effective_at, approved_at } = request;
  if (request.completed_at !== null) return 'completed';
  if (request.cancelled_at !== null) return 'cancelled';
  if (request.refused_at !== null) return 'refused';
  if (request.security_version !== securityVersion) return 'overtaken';
  if (approved_at !== null) return now < approved_at + PASS_LIFETIME ? 'approved' : 'lapsed';
  if (now >= effective_at + REQUEST_LIFETIME) return 'lapsed';
  return now < effective_at ? 'waiting' : 'ready';
}

/** Still to be decided. */
export function isOpen(state: RequestState): boolean {
  return state === 'waiting' || state === 'ready';
}

/** Something may still come of it: a decision, or the use of its pass. */
export function isLive(state: RequestState): boolean {
  return isOpen(state) || state === 'approved';
}

/**
 * Whether a request uses up one of the three. Not where the account's owner ended it, by the link of a mail, by signing in
 * with a factor, or by a change of their security: whoever knows the password could otherwise ask three times, and the
 * owner would have no request left on the day on which the phone is gone.
 */
function counts(request: RequestTimes, securityVersion: number, now: number): boolean {
  const state = stateOf(request, securityVersion, now);
  return state !== 'cancelled' && state !== 'overtaken';
}

/**
 * When the next request is heard again; null: now. `earlier`: the others, in any order, from browsers that had signed in
 * before or from others: strangers don't use up what is left to the owner's own browser (R59).
 */
export function mayAskAgainAt(
  earlier: readonly RequestTimes[],
  securityVersion: number,
  now: number,
): number | null {
  const recent = earlier
    .filter((request) => request.created_at > now - REQUEST_WINDOW && counts(request, securityVersion, now))
    .map(({ created_at }) => created_at)
    .sort((one, other) => other - one);
  const oldest = recent[MOST_REQUESTS - 1];
  return oldest === undefined ? null : oldest + REQUEST_WINDOW;
}

/** One line break is one character, whatever the browser sends; other control characters are nobody's reason. */
export function readReason(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .trim();
}
