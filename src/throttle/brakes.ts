import { HOUR, SECOND } from '../kit/clock.ts';

/**
 * `free` tries in a row, then a wait that doubles from `firstWait` to `longestWait` with every further one. Kept in
 * the database, so it holds over restarts and instances (R57).
 */
export interface Brake {
  readonly free: number;
  readonly firstWait: number;
  readonly longestWait: number;
  /** The count starts again when nothing happened for this long. */
  readonly forgetAfter: number;
}

/** Wrong passwords from one network on one account: nobody waits before the tenth. */
export const PASSWORD_FROM_NETWORK: Brake = {
  free: 10,
  firstWait: 30 * SECOND,
  longestWait: HOUR,
  forgetAfter: 24 * HOUR,
};
/** Wrong passwords on one account from everywhere: at most 100 in a row (R59). */
export const PASSWORD_ON_ACCOUNT: Brake = { ...PASSWORD_FROM_NETWORK, free: 100 };
/** A browser that has signed in fully before has a budget of its own, which strangers can't use up. */
export const PASSWORD_FROM_KNOWN_BROWSER: Brake = PASSWORD_FROM_NETWORK;
/** One network trying many accounts: generous, since a whole office may share an address. */
export const PASSWORD_SPRAY: Brake = {
  free: 1000,
  firstWait: 30 * SECOND,
  longestWait: HOUR,
  forgetAfter: HOUR,
};
/** Mails that anybody may have sent to an address: sign-up, forgotten password, enrolment link. */
export const MAIL_TO_ADDRESS: Brake = {
  free: 10,
  firstWait: 60 * SECOND,
  longestWait: HOUR,
  forgetAfter: HOUR,
};
/** The same from one network, over all addresses. */
export const MAIL_FROM_NETWORK: Brake = {
  free: 1000,
  firstWait: 30 * SECOND,
  longestWait: HOUR,
  forgetAfter: HOUR,
};
/** Mails that tell somebody of their own sign-ins: the first of a burst say all, and the rest would be a way to send mail. */
export const MAIL_OF_SIGN_INS: Brake = {
  free: 100,
  firstWait: 60 * SECOND,
  longestWait: HOUR,
  forgetAfter: HOUR,
};
/** Refused passkeys from one network: they can't be guessed, but each costs the work of a signature. */
export const PASSKEY_FROM_NETWORK: Brake = {
  free: 100,
  firstWait: 30 * SECOND,
  longestWait: HOUR,
  forgetAfter: HOUR,
};

const OF_ACCOUNTS = [
  'check-up',
  'mail/email-change',
  'mail/enrol',
  'mail/invitation',
  'mail/new-browser',
  'mail/reset',
] as const;

/** Under which something is counted of an account, but for its passwords (`accounts/password-waits.ts`). */
export function countedOf(what: (typeof OF_ACCOUNTS)[number], accountId: string): string {
  return `${what}/${accountId}`;
}

/** All of these: they are forgotten with the account. */
export function allCountedOf(accountId: string): string[] {
  return OF_ACCOUNTS.map((what) => countedOf(what, accountId));
}
