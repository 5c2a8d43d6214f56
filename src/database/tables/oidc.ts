/** A person has allowed an app what `scope` names (R68). */
export interface AppConsentTable {
  account_id: string;
  client_id: string;
  /** Space-separated. */
  scope: string;
  /** Single claims that were asked for beside the scopes, space-separated. */
  claims: string;
  created_at: number;
  last_used_at: number;
}

/** What the tokens of one sign-in at one app rest on: without it none of them counts. Never changed, only deleted. */
export interface OidcGrantTable {
  id: string;
  account_id: string;
  client_id: string;
  /** The session that it was given in. */
  session_id: string;
  /** 1: outlives that session (`offline_access`). */
  offline: number;
  scope: string;
  claims: string;
  created_at: number;
  expires_at: number;
}

/** A code, access token or refresh token, by its SHA-256. */
export interface OidcTokenTable {
  hash: string;
  kind: string;
  client_id: string;
  /** Null for a client that acts for itself. */
  account_id: string | null;
  grant_id: string | null;
  session_id: string | null;
  /** What it says, sealed, without the token itself. */
  sealed: string;
  created_at: number;
  expires_at: number;
  /** A code was redeemed, a refresh token was replaced: whoever comes with it again ends the grant (R63). */
  consumed_at: number | null;
}

/** A sign-in for an app that waits for its person: to sign in, to step up, to allow. */
export interface OidcInteractionTable {
  hash: string;
  client_id: string;
  /** The session cookie's hash when it began, or empty: whoever must sign in anew has another one afterwards. */
  session_hash: string;
  sealed: string;
  created_at: number;
  expires_at: number;
}

/** An app got tokens in a session, and is told when it ends (R67). */
export interface SessionClientTable {
  session_id: string;
  client_id: string;
  /** What the app knows the session as. */
  sid: string;
  created_at: number;
}

/** A key pair for ID and logout tokens. */
export interface SigningKeyTable {
  /** The `kid`. */
  id: string;
  alg: string;
  /** 1, 2, … for each alg. */
  generation: number;
  /** The private JWK. */
  sealed: string;
  created_at: number;
  /** Published before, used from then on. */
  active_at: number;
}
