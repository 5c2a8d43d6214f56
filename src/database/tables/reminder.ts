/** One mail that told one person of one rule: never twice, whoever sends them and however often that is begun anew. */
export interface ReminderSentTable {
  rule_id: string;
  account_id: string;
  /** Days before the rule begins to hold: 14, 3, 1, 0. */
  day: number;
  sent_at: number;
}
