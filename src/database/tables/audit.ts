import type { Generated } from 'kysely';

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
