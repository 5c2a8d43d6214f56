import type { Generated } from 'kysely';
import type { KeyMetadataTable } from './tables/key-metadata.ts';

/**
 * Every table, for both engines. Tables are singular snake_case; instants are epoch milliseconds and end in `_at`;
 * hashes and sealed secrets are base64url text.
 */
export interface Schema {
  account: AccountTable;
  email_address: EmailAddressTable;
  factor: FactorTable;
  recovery_code_set: RecoveryCodeSetTable;
  recovery_code: RecoveryCodeTable;
  factor_draft: FactorDraftTable;
  pending_sign_in: PendingSignInTable;
  session: SessionTable;
  step_up: StepUpTable;
  enrolment_pass: EnrolmentPassTable;
  known_browser: KnownBrowserTable;
  link: LinkTable;
  guess_budget: GuessBudgetTable;
  guess_day: GuessDayTable;
  throttle: ThrottleTable;
  audit_event: AuditEventTable;
  audit_link: AuditLinkTable;
  outbox: OutboxTable;
  mailbox: MailboxTable;
  lease: LeaseTable;
  meta: MetaTable;
  factor_challenge: FactorChallengeTable;
  spent_challenge: SpentChallengeTable;
  text_sent: TextSentTable;
  trusted_browser: TrustedBrowserTable;
  check_up: CheckUpTable;
  recovery_request: RecoveryRequestTable;
  policy_value: PolicyValueTable;
  key_metadata: KeyMetadataTable;
}

export interface AccountTable {
  id: string;
  /** Stands for the person in the audit log, so that a person can be forgotten and the chain still verifies. */
  pseudonym: string;
  /** The primary address as it is shown; `email_address` is what finds an account. */
  email: string;
  name: string;
  /** PHC text, or null while nobody has set a password. */
  password_hash: string | null;
  /** Space-separated: `admin`, `publisher`; a member has none. */
  roles: string;
  locale: string | null;
  time_zone: string | null;
  /** Rises with every change of password, address, factors, roles or status (R35). */
  security_version: Generated<number>;
  suspended_at: number | null;
  /** Security changes are refused until then: somebody said "This wasn't me". */
  frozen_until_at: number | null;
  /** The first factor was switched on then; null while 2FA is off. */
  two_factor_at: number | null;
  created_at: number;
}

export interface EmailAddressTable {
  /** Normalised: NFKC, lower case, IDNA (R49). */
  address_key: string;
  account_id: string;
  address: string;
  kind: 'primary' | 'recovery';
  proven_at: number | null;
  created_at: number;
}

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

export interface KnownBrowserTable {
  token_hash: string;
  account_id: string;
  browser: string;
  network: string;
  created_at: number;
  last_used_at: number;
}

/** Links in mails and set-up links. Only the hash of the token is here. */
export interface LinkTable {
  id: string;
  token_hash: string;
  purpose: string;
  account_id: string | null;
  address: string | null;
  /** JSON for the purpose's own use; never a secret. */
  data: string;
  security_version: number | null;
  created_at: number;
  expires_at: number;
  used_at: number | null;
}

export interface GuessBudgetTable {
  account_id: string;
  /** Wrong codes and reservations since the last hold or success. */
  block: Generated<number>;
  /** Wrong codes in a row, holds or not; at the hard cap typed codes close. */
  run: Generated<number>;
  /** Reservations whose answer is not known yet; they count as wrong after a crash. */
  open: Generated<number>;
  reserved_at: number | null;
  holds: Generated<number>;
  hold_until_at: number | null;
  closed_at: number | null;
  /** A mail reset ended a hold then; at most one a day. */
  relieved_at: number | null;
}

export interface GuessDayTable {
  account_id: string;
  day: number;
  wrong: number;
}

export interface ThrottleTable {
  key: string;
  /** Tries in a row, reservations included. */
  count: number;
  /** Reservations whose outcome is not known yet. */
  open: number;
  window_at: number;
  blocked_until_at: number | null;
}

/** Append-only. Persons stand here as pseudonyms (R72, R73). */
export interface AuditEventTable {
  seq: Generated<number>;
  at: number;
  event: string;
  outcome: 'success' | 'failure';
  subject: string | null;
  actor: string | null;
  method: string | null;
  network: string | null;
  browser: string | null;
  request_id: string | null;
  /** JSON with sorted keys. */
  detail: string;
}

/** The chain over the events, written by one leased sealer within a second. */
export interface AuditLinkTable {
  position: number;
  event_seq: number;
  key_id: string;
  hash: string;
}

export interface OutboxTable {
  id: string;
  channel: 'mail' | 'sms' | 'task';
  kind: string;
  account_id: string | null;
  /** Address, words and links, sealed: a reset link must not stand in a dump. */
  sealed: string;
  created_at: number;
  due_at: number;
  attempts: Generated<number>;
  leased_until_at: number | null;
  leased_by: string | null;
  sent_at: number | null;
  failed_at: number | null;
  last_error: string | null;
}

export interface MailboxTable {
  id: string;
  at: number;
  channel: 'mail' | 'sms';
  sealed: string;
}

export interface LeaseTable {
  name: string;
  holder: string;
  until_at: number;
}

export interface MetaTable {
  key: string;
  value: string;
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

/** One row a text message, for the limits (R15). */
export interface TextSentTable {
  id: string;
  account_id: string;
  /** Keyed fingerprint of the number. */
  number_mac: string;
  sent_at: number;
  /** 1: to the account's own phone, asked for by a browser that had signed it in before (R59). */
  known: Generated<number>;
  /** Its code was typed then, and was right. */
  used_at: Generated<number | null>;
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

/** "Are you still able to sign in?" (screen 8) */
export interface CheckUpTable {
  account_id: string;
  due_at: number;
  /** A recovery code was typed and found right then, without spending it. */
  proven_at: number | null;
}

/** Somebody who passed the password has lost every factor (screen 13). Open until cancelled, approved or refused. */
export interface RecoveryRequestTable {
  id: string;
  account_id: string;
  /** Any change of the account's security since then overtakes the request. */
  security_version: number;
  /** What happened, in the person's own words; may be empty. */
  reason: string;
  network: string;
  browser: string;
  /** 1: the browser had signed this account in before (R59). */
  known: Generated<number>;
  created_at: number;
  /** Nothing is given before. */
  effective_at: number;
  cancelled_at: number | null;
  /** Account ids of the two administrators. */
  proposed_by: string | null;
  proposed_at: number | null;
  proposal_reason: string | null;
  approved_by: string | null;
  approved_at: number | null;
  refused_at: number | null;
  /** The new factor is on. */
  completed_at: number | null;
}

/** What administrators decide; what isn't here has its default (`policy/values.ts`). */
export interface PolicyValueTable {
  key: string;
  value: string;
}
