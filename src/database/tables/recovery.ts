import type { Generated } from 'kysely';

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
