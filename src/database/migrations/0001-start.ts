import { type Kysely, sql } from 'kysely';
import type { Engine } from '../open.ts';

/** Everything that the second step needs: accounts, factors, sign-ins, records, mails. */
export async function start(db: Kysely<unknown>, engine: Engine): Promise<void> {
  // Byte order on both engines, so that paging and the audit chain agree.
  const text = engine === 'postgres' ? 'text collate "C"' : 'text';
  const counter =
    engine === 'postgres'
      ? 'bigint generated always as identity primary key'
      : 'integer primary key autoincrement';
  // The rows of these tables are their key and little else: kept in the key's index, they are stored once.
  const compact = engine === 'sqlite' ? ' without rowid' : '';
  for (const statement of [...tables(text, counter, compact), ...appendOnly(engine)]) {
    await sql.raw(statement).execute(db);
  }
}

/** The records can be added to and read, never changed or deleted (R73). */
function appendOnly(engine: Engine): string[] {
  const records = ['audit_event', 'audit_link'];
  if (engine === 'sqlite') {
    return records.flatMap((table) =>
      ['update', 'delete'].map(
        (change) => `create trigger ${table}_no_${change} before ${change} on ${table}
          begin select raise(abort, '${table} is append-only'); end`,
      ),
    );
  }
  return [
    `create function refuse_audit_change() returns trigger language plpgsql as $$
      begin raise exception '% is append-only', tg_table_name; end $$`,
    ...records.map(
      (table) => `create trigger ${table}_append_only before update or delete or truncate on ${table}
        for each statement execute function refuse_audit_change()`,
    ),
  ];
}

function tables(text: string, counter: string, compact: string): string[] {
  const account = `account_id ${text} not null references account (id) on delete cascade`;
  return [
    `create table account (
      id ${text} primary key, pseudonym ${text} not null unique, email text not null, name text not null,
      password_hash text, roles text not null default '', locale text, time_zone text,
      security_version bigint not null default 1, suspended_at bigint, frozen_until_at bigint, two_factor_at bigint,
      created_at bigint not null)`,
    `create table email_address (
      address_key ${text} primary key, ${account}, address text not null, kind text not null, proven_at bigint,
      created_at bigint not null)`,
    'create index email_address_account on email_address (account_id)',
    `create table factor (
      id ${text} primary key, ${account}, kind text not null, label text not null, sealed_data text,
      counter bigint not null default 0, preferred bigint not null default 0, suspended_at bigint,
      created_at bigint not null, last_used_at bigint)`,
    'create index factor_account on factor (account_id)',
    `create table recovery_code_set (
      account_id ${text} primary key references account (id) on delete cascade, id ${text} not null,
      salt text not null, created_at bigint not null)`,
    `create table recovery_code (
      ${account}, hash ${text} not null, set_id ${text} not null, number bigint not null, used_at bigint,
      primary key (account_id, hash))${compact}`,
    `create table factor_draft (
      id ${text} primary key, ${account}, holder_id ${text} not null, kind text not null, sealed_data text not null,
      replaces_id text, created_at bigint not null, expires_at bigint not null)`,
    'create unique index factor_draft_holder on factor_draft (holder_id, kind)',
    `create table pending_sign_in (
      id ${text} primary key, token_hash ${text} not null unique, ${account}, security_version bigint not null,
      return_to text not null, attempts bigint not null default 0, near_miss bigint, near_miss_step bigint, network text not null,
      browser text not null, created_at bigint not null, expires_at bigint not null, consumed_at bigint)`,
    'create index pending_sign_in_account on pending_sign_in (account_id)',
    'create index pending_sign_in_expiry on pending_sign_in (expires_at)',
    `create table session (
      id ${text} primary key, token_hash ${text} not null unique, ${account}, amr text not null, acr text not null,
      step_up_at bigint, network text not null, browser text not null, created_at bigint not null,
      last_used_at bigint not null, expires_at bigint not null)`,
    'create index session_account on session (account_id)',
    'create index session_expiry on session (expires_at)',
    `create table step_up (
      session_id ${text} primary key references session (id) on delete cascade, password_at bigint not null,
      attempts bigint not null default 0, near_miss bigint, near_miss_step bigint, return_to text not null)`,
    `create table enrolment_pass (
      id ${text} primary key, token_hash ${text} not null unique, ${account}, security_version bigint not null,
      proven_at bigint, network text not null, browser text not null, created_at bigint not null,
      expires_at bigint not null, consumed_at bigint)`,
    'create index enrolment_pass_account on enrolment_pass (account_id)',
    `create table known_browser (
      token_hash ${text} not null, ${account}, browser text not null, network text not null,
      created_at bigint not null, last_used_at bigint not null, primary key (token_hash, account_id))${compact}`,
    'create index known_browser_account on known_browser (account_id)',
    `create table link (
      id ${text} primary key, token_hash ${text} not null unique, purpose text not null,
      account_id ${text} references account (id) on delete cascade, address text, data text not null,
      security_version bigint, created_at bigint not null, expires_at bigint not null, used_at bigint)`,
    'create index link_account on link (account_id, purpose)',
    'create index link_expiry on link (expires_at)',
    `create table guess_budget (
      account_id ${text} primary key references account (id) on delete cascade, block bigint not null default 0,
      run bigint not null default 0, open bigint not null default 0, reserved_at bigint,
      holds bigint not null default 0, hold_until_at bigint, closed_at bigint, relieved_at bigint)`,
    `create table guess_day (${account}, day bigint not null, wrong bigint not null, primary key (account_id, day))`,
    `create table throttle (
      key ${text} primary key, count bigint not null, open bigint not null, window_at bigint not null, blocked_until_at bigint)`,
    'create index throttle_window on throttle (window_at)',
    `create table audit_event (
      seq ${counter}, at bigint not null, event text not null, outcome text not null, subject ${text}, actor ${text},
      method text, network text, browser text, request_id text, detail text not null)`,
    'create index audit_event_subject on audit_event (subject, seq)',
    // What went wrong lately: the clock doctor, and an administrator's first question.
    "create index audit_event_failure on audit_event (at) where outcome = 'failure'",
    `create table audit_link (
      position bigint primary key, event_seq bigint not null unique, key_id text not null, hash text not null)`,
    `create table outbox (
      id ${text} primary key, channel text not null, kind text not null, account_id ${text}, sealed text not null,
      created_at bigint not null, due_at bigint not null, attempts bigint not null default 0, leased_until_at bigint,
      leased_by text, sent_at bigint, failed_at bigint, last_error text)`,
    'create index outbox_due on outbox (due_at) where sent_at is null and failed_at is null',
    `create table mailbox (id ${text} primary key, at bigint not null, channel text not null, sealed text not null)`,
    'create index mailbox_at on mailbox (at)',
    `create table lease (name ${text} primary key, holder text not null, until_at bigint not null)`,
  ];
}
