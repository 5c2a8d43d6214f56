import { type Kysely, sql } from 'kysely';
import type { Engine } from '../open.ts';

/** Reminders of a rule that is coming, and the indexes with which the Dashboard counts a million accounts. */
export async function rulesAndOverview(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const text = engine === 'postgres' ? 'text collate "C"' : 'text';
  const compact = engine === 'sqlite' ? ' without rowid' : '';
  for (const statement of [...tables(text, compact), ...INDEXES]) await sql.raw(statement).execute(db);
}

function tables(text: string, compact: string): string[] {
  return [
    `create table reminder_sent (
      rule_id ${text} not null references two_factor_rule (id) on delete cascade,
      account_id ${text} not null references account (id) on delete cascade,
      day bigint not null, sent_at bigint not null,
      primary key (rule_id, account_id, day))${compact}`,
    'create index reminder_sent_account on reminder_sent (account_id)',
  ];
}

/** Columns that a condition looks at stand in the index too, so that counting never leaves it. */
const INDEXES = [
  // In the order of ids, as the tables beside it: what is counted of a thousand accounts lies together.
  'create index account_standing on account (id, two_factor_at, suspended_at)',
  'create index factor_standing on factor (account_id, kind, suspended_at)',
  'create index recovery_code_used on recovery_code (account_id, used_at) where used_at is not null',
  "create index audit_event_signed_in on audit_event (at) where event = 'sign_in.completed'",
  `create index audit_event_refused on audit_event (at) where outcome = 'failure'
      and event in ('sign_in.password', 'sign_in.password_wait', 'sign_in.factor', 'sign_in.passkey')`,
  'create index outbox_sent on outbox (sent_at, channel) where sent_at is not null',
  'create index outbox_failed on outbox (failed_at, channel) where failed_at is not null',
  'create index guess_budget_held on guess_budget (hold_until_at) where hold_until_at is not null',
  'create index guess_budget_closed on guess_budget (closed_at) where closed_at is not null',
  'create index throttle_blocked on throttle (blocked_until_at) where blocked_until_at is not null',
];
