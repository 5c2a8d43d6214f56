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

/** At most one row: where the chain begins since older records were removed (`retain.ts`). Moves forward only. */
export interface AuditCutTable {
  id: number;
  /** Of the last link that was removed, and its hash, which the first one that is left follows. */
  position: number;
  hash: string;
  /** How many records were removed, over all times. */
  removed: number;
  /** No record at or before this instant is there any more, as far as it was in the chain. */
  removed_until_at: number;
  key_id: string;
  proof: string;
}
