import type { Generated } from 'kysely';

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

export interface KnownBrowserTable {
  token_hash: string;
  account_id: string;
  browser: string;
  network: string;
  created_at: number;
  last_used_at: number;
}

/** What a link is good for. A link of one purpose never works for another. */
export type LinkPurpose =
  | 'setup'
  | 'invitation'
  | 'reset'
  | 'email-change'
  | 'undo-email'
  | 'undo-replace'
  | 'undo-delete'
  | 'not-me'
  | 'enrol'
  | 'recover-cancel'
  | 'temporary-pass';

/** Links in mails and set-up links. Only the hash of the token is here. */
export interface LinkTable {
  id: string;
  token_hash: string;
  purpose: LinkPurpose;
  account_id: string | null;
  address: string | null;
  /** JSON for the purpose's own use; never a secret. */
  data: string;
  security_version: number | null;
  created_at: number;
  expires_at: number;
  used_at: number | null;
}
