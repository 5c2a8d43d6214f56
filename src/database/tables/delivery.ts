import type { Generated } from 'kysely';

export interface OutboxTable {
  id: string;
  channel: 'mail' | 'sms' | 'task';
  kind: string;
  account_id: string | null;
  /** Address, words and links, sealed: a reset link must not stand in a dump. */
  sealed: string;
  created_at: number;
  due_at: number;
  attempts: Generated<number>;
  leased_until_at: number | null;
  leased_by: string | null;
  sent_at: number | null;
  failed_at: number | null;
  last_error: string | null;
}

export interface MailboxTable {
  id: string;
  at: number;
  channel: 'mail' | 'sms';
  sealed: string;
}

export interface LeaseTable {
  name: string;
  holder: string;
  until_at: number;
}

export interface MetaTable {
  key: string;
  value: string;
}
