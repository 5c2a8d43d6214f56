import type { Generated } from 'kysely';

/** An app that lets its people be signed in here. */
export interface ClientTable {
  /** The client_id. */
  id: string;
  /** `oidc`: OpenID Connect; `forward-auth`: a host whose proxy asks; `api`: a program that uses the management API. */
  kind: 'oidc' | 'forward-auth' | 'api';
  name: string;
  /** What the App Store says of it; may be empty. */
  description: string;
  /** Where the App Store's tile leads; null: it has none. */
  home_url: string | null;
  /** SHA-256 of a 256-bit secret, base64url; null: public, with nothing to keep a secret in. */
  secret_hash: string | null;
  /** JSON arrays of exact addresses. */
  redirect_uris: string;
  post_logout_redirect_uris: string;
  backchannel_logout_uri: string | null;
  /** The protected host's origin, unique; for `forward-auth`. */
  origin: string | null;
  /** What its people must have proven. */
  acr: 'pwd' | 'mfa' | 'phr';
  /** From this instant on a second factor at least, by a sign-in rule; null: there is none. */
  two_factor_from_at: number | null;
  /** Space-separated scopes of the management API; for `api`. */
  scopes: string;
  created_at: number;
  secret_changed_at: number | null;
  /** It is gone for everybody; what refers to it is forgotten a few rows at a time (`upkeep/forget-removed.ts`). */
  removed_at: Generated<number | null>;
}

/** Who may enter; a client without a row lets everybody in. */
export interface ClientGroupTable {
  client_id: string;
  group_id: string;
}
