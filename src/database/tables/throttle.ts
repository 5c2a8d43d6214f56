import type { Generated } from 'kysely';

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
