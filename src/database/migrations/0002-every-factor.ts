import { type Kysely, sql } from 'kysely';
import type { Engine } from '../open.ts';

/** Text messages, security keys, trusted browsers, check-ups, and the way back for who lost everything. */
export async function everyFactor(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const text = engine === 'postgres' ? 'text collate "C"' : 'text';
  const account = `account_id ${text} not null references account (id) on delete cascade`;
  for (const statement of [...columns(text), ...tables(text, account)]) await sql.raw(statement).execute(db);
}

function columns(text: string): string[] {
  return [
    `alter table factor add column external_id ${text}`,
    // Over all accounts: a credential belongs to one person (R21).
    'create unique index factor_external on factor (external_id) where external_id is not null',
    'alter table session add column method text',
    // A pass that was given to somebody who lost everything replaces what was enrolled before.
    `alter table enrolment_pass add column recovery_id ${text}`,
  ];
}

function tables(text: string, account: string): string[] {
  return [
    `create table factor_challenge (
      id ${text} primary key, ${account}, holder_id ${text} not null, kind ${text} not null, purpose text not null,
      sealed_data text not null, attempts bigint not null default 0, created_at bigint not null,
      expires_at bigint not null)`,
    'create unique index factor_challenge_holder on factor_challenge (holder_id, kind)',
    'create index factor_challenge_expiry on factor_challenge (expires_at)',
    `create table spent_challenge (hash ${text} primary key, expires_at bigint not null)`,
    'create index spent_challenge_expiry on spent_challenge (expires_at)',
    `create table text_sent (
      id ${text} primary key, account_id ${text} not null, number_mac ${text} not null, sent_at bigint not null,
      used_at bigint)`,
    'create index text_sent_account on text_sent (account_id, sent_at)',
    'create index text_sent_number on text_sent (number_mac, sent_at)',
    'create index text_sent_at on text_sent (sent_at)',
    `create table trusted_browser (
      id ${text} primary key, token_hash ${text} not null, ${account}, security_version bigint not null,
      browser text not null, network text not null, created_at bigint not null, last_used_at bigint not null,
      expires_at bigint not null)`,
    'create unique index trusted_browser_token on trusted_browser (token_hash, account_id)',
    'create index trusted_browser_account on trusted_browser (account_id)',
    `create table check_up (
      account_id ${text} primary key references account (id) on delete cascade, due_at bigint not null,
      proven_at bigint)`,
    `create table recovery_request (
      id ${text} primary key, ${account}, security_version bigint not null, reason text not null,
      network text not null, browser text not null, created_at bigint not null, effective_at bigint not null,
      cancelled_at bigint, proposed_by ${text}, proposed_at bigint, proposal_reason text, approved_by ${text},
      approved_at bigint, refused_at bigint, completed_at bigint)`,
    'create index recovery_request_account on recovery_request (account_id)',
    `create unique index recovery_request_open on recovery_request (account_id)
      where cancelled_at is null and approved_at is null and refused_at is null`,
    `create table policy_value (key ${text} primary key, value text not null)`,
  ];
}
