/** What administrators decide; what isn't here has its default (`policy/values.ts`). */
export interface PolicyValueTable {
  key: string;
  value: string;
}

/** Who must use a second factor, and since when. Without a row: nobody but administrators. */
export interface TwoFactorRuleTable {
  id: string;
  /** Null: everybody. One rule for each at most. */
  group_id: string | null;
  /** From this instant on; what lies in the future is announced by mails and a banner. */
  required_from_at: number;
  created_at: number;
}
