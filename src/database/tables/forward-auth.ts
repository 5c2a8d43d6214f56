/** A browser that is signed in at one protected host. Ends with the session that it comes from. */
export interface ForwardAuthSessionTable {
  token_hash: string;
  session_id: string;
  client_id: string;
  created_at: number;
  last_used_at: number;
}

/** What leads from our origin to the protected host: good once, there alone, for a minute. */
export interface ForwardAuthTicketTable {
  ticket_hash: string;
  session_id: string;
  client_id: string;
  /** Hash of the cookie that the same browser got at the host before it came here. */
  begin_hash: string;
  /** Path and query at the host. */
  return_path: string;
  expires_at: number;
}
