/**
 * Somebody leaves: suspended at once, erased when the time for a way back is over. Holds only as long as the account is
 * suspended by it (`account.suspended_at = requested_at`): whoever restores the account has called it off.
 */
export interface AccountDeletionTable {
  account_id: string;
  requested_at: number;
  erase_at: number;
  /** 1: the person asked for it, and may call it off by the link of the mail; 0: somebody else decided it. */
  by_self: number;
  /** As it was before: somebody suspended who is kept after all is suspended as before. */
  suspended_before_at: number | null;
}
