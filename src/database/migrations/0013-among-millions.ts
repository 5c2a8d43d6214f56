import { type Kysely, sql } from 'kysely';

/** What is looked for again and again among millions of rows: what waits to be sent, and all that belongs to one account. */
export async function amongMillions(db: Kysely<unknown>): Promise<void> {
  const statements = [
    // Each channel by itself: a text message is not looked for behind a hundred thousand mails that wait. With all that is
    // asked of those when they are counted, since a restore leaves a million for days, each with its letter.
    `create index outbox_waiting on outbox (channel, due_at, id, attempts, created_at, sent_at, failed_at)
      where sent_at is null and failed_at is null`,
    `create index outbox_tried on outbox (channel, created_at, attempts, sent_at, failed_at)
      where attempts > 0 and sent_at is null and failed_at is null`,
    `create index outbox_reminders on outbox (due_at)
      where kind = 'letter/two_factor_reminder' and sent_at is null and failed_at is null`,
    // Whoever is erased takes these along; without an index, each would have the whole table looked through.
    'create index outbox_account on outbox (account_id) where account_id is not null',
    'create index factor_draft_account on factor_draft (account_id)',
    'create index factor_challenge_account on factor_challenge (account_id)',
    // Every new key is looked for among those that may still come back.
    "create index link_undo_replace on link (expires_at) where purpose = 'undo-replace'",
    // Every spent code is looked for among the records of its person.
    "create index audit_event_code_used on audit_event (subject, at) where event = 'recovery_code.used'",
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
