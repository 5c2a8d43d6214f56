import type { Generated } from 'kysely';

export interface FactorTable {
  id: string;
  account_id: string;
  kind: string;
  label: string;
  /** Sealed with the account and factor ids as owner; null where nothing is secret. */
  sealed_data: string | null;
  /** May only rise: the last TOTP step, or a WebAuthn signature counter. */
  counter: Generated<number>;
  preferred: Generated<number>;
  suspended_at: number | null;
  created_at: number;
  last_used_at: number | null;
  /** What the factor is known by outside, unique over all accounts: a WebAuthn credential id, base64url (R21). */
  external_id: Generated<string | null>;
}

export interface RecoveryCodeSetTable {
  account_id: string;
  id: string;
  salt: string;
  /** Of each hash: `m=19456,t=2,p=1`; null: not noted yet, as `ARGON2` has it. */
  cost: string | null;
  created_at: number;
}

export interface RecoveryCodeTable {
  account_id: string;
  hash: string;
  set_id: string;
  number: number;
  used_at: number | null;
}

/** A factor or a set of codes that is shown but not yet in force. */
export interface FactorDraftTable {
  id: string;
  account_id: string;
  /** The session or enrolment pass that began it; nobody else may finish it (R7). */
  holder_id: string;
  /** `totp`, `recovery-codes`, … */
  kind: string;
  sealed_data: string;
  /** The factor that this one replaces once confirmed. */
  replaces_id: string | null;
  created_at: number;
  expires_at: number;
}

/** What a factor asked and awaits the answer to: a code that was sent, a WebAuthn challenge. One a holder and kind. */
export interface FactorChallengeTable {
  id: string;
  account_id: string;
  /** The pending sign-in, the session or the enrolment pass; nobody else's answer counts (R14, R17). */
  holder_id: string;
  kind: string;
  purpose: 'sign-in' | 'step-up' | 'enrol';
  sealed_data: string;
  /** Answers spent where no pending sign-in counts them: while enrolling. */
  attempts: Generated<number>;
  created_at: number;
  expires_at: number;
}

/** Challenges that were kept by the browser, sealed, and may be answered once (autofill). */
export interface SpentChallengeTable {
  hash: string;
  expires_at: number;
}

/** "Are you still able to sign in?" (screen 8) */
export interface CheckUpTable {
  account_id: string;
  due_at: number;
  /** A recovery code was typed and found right then, without spending it. */
  proven_at: number | null;
}
