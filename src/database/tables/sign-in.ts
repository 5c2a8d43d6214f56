import type { Generated } from 'kysely';

export interface PendingSignInTable {
  id: string;
  token_hash: string;
  account_id: string;
  security_version: number;
  return_to: string;
  /** Answers spent, committed before each is checked. */
  attempts: Generated<number>;
  /** Steps of 30 s by which the last near miss was off, and the step in which it came (clock doctor). */
  near_miss: number | null;
  near_miss_step: number | null;
  network: string;
  browser: string;
  created_at: number;
  expires_at: number;
  consumed_at: number | null;
}

export interface SessionTable {
  id: string;
  token_hash: string;
  account_id: string;
  /** RFC 8176 values of what was proven, space-separated: `pwd otp mfa`. */
  amr: string;
  acr: 'pwd' | 'mfa' | 'phr';
  /** What stood beside the password when it was made: `totp`, `recovery-code`, …; null for the password alone. */
  method: Generated<string | null>;
  /** Password and factor (if any) were last proven then. */
  step_up_at: number | null;
  network: string;
  browser: string;
  created_at: number;
  last_used_at: number;
  expires_at: number;
  /** Its person put away what is advised after a recovery code. */
  advised_at: Generated<number | null>;
}

/** The password has been proven again; the factor has not yet. */
export interface StepUpTable {
  session_id: string;
  password_at: number;
  attempts: Generated<number>;
  near_miss: number | null;
  near_miss_step: number | null;
  return_to: string;
  /** Of the account for which the password was right: whatever changed since, it must be proven again (R35). */
  security_version: Generated<number | null>;
}

/** The third state: may enrol a first factor and nothing else. */
export interface EnrolmentPassTable {
  id: string;
  token_hash: string;
  account_id: string;
  security_version: number;
  /** A proof beyond the password (mailed link, invitation, set-up link) was given then. */
  proven_at: number | null;
  network: string;
  browser: string;
  created_at: number;
  expires_at: number;
  consumed_at: number | null;
  /** The request for help that led to it: then the new factor replaces all that there were (R46). */
  recovery_id: Generated<string | null>;
}

/** Asks no second step of this account for a while; dead as soon as the account's security version moves (R37). */
export interface TrustedBrowserTable {
  id: string;
  token_hash: string;
  account_id: string;
  security_version: number;
  browser: string;
  network: string;
  created_at: number;
  last_used_at: number;
  expires_at: number;
}
