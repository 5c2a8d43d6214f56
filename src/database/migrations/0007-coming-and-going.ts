import { type Kysely, sql } from 'kysely';
import type { Engine } from '../open.ts';

/** Accounts that come from another system, people who leave, and records that are kept for a while only. */
export async function comingAndGoing(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const text = engine === 'postgres' ? 'text collate "C"' : 'text';
  for (const statement of [...coming(text), ...going(text), ...recordsKeptForAWhile(engine)])
    await sql.raw(statement).execute(db);
}

function coming(text: string): string[] {
  return [
    // What an import has read so far; nobody but the import looks at it.
    `create table import_run (id ${text} primary key, touched_at bigint not null)`,
    `create table import_row (
      import_id ${text} not null, position bigint not null, place text not null, account_id ${text} not null,
      pseudonym ${text} not null, email text not null, address_key ${text} not null, name text not null,
      password_hash text, roles text not null, locale text, proven_at bigint, suspended_at bigint,
      two_factor_at bigint, primary key (import_id, position))`,
    'create index import_row_address on import_row (address_key)',
    `create table import_factor (
      import_id ${text} not null, id ${text} not null, account_id ${text} not null, kind text not null,
      label text not null, sealed_data text not null, counter bigint not null,
      primary key (import_id, account_id, id))`,
    `create table import_member (
      import_id ${text} not null, account_id ${text} not null, group_key ${text} not null,
      primary key (import_id, account_id, group_key))`,
    // How many passwords still have the hash that they came with; the list is empty in most houses.
    `create index account_imported_hash on account (id) where substr(password_hash, 1, 8) = '$import$'`,
  ];
}

function going(text: string): string[] {
  return [
    `create table account_deletion (
      account_id ${text} primary key references account (id) on delete cascade, requested_at bigint not null,
      erase_at bigint not null, by_self bigint not null, suspended_before_at bigint)`,
    'create index account_deletion_due on account_deletion (erase_at)',
  ];
}

/**
 * Records can still be added to and read, never changed; deleted only from the front, up to a checkpoint that the key
 * ring has signed and that moves forward alone (R73).
 */
function recordsKeptForAWhile(engine: Engine): string[] {
  const table = `create table audit_cut (
    id bigint primary key check (id = 1), position bigint not null, hash text not null, removed bigint not null,
    removed_until_at bigint not null, key_id text not null, proof text not null)`;
  return [table, ...(engine === 'sqlite' ? sqliteGuards() : postgresGuards())];
}

/** What the checkpoint covers: a link by its position, an event by its link. */
const COVERED = {
  audit_event: `select 1 from audit_link join audit_cut on audit_link.position <= audit_cut.position
    where audit_link.event_seq = old.seq`,
  audit_link: 'select 1 from audit_cut where old.position <= audit_cut.position',
};

function sqliteGuards(): string[] {
  const guard = (table: string, name: string, change: string, when: string, why: string) =>
    `create trigger ${table}_${name} before ${change} on ${table} ${when} begin select raise(abort, '${table} ${why}'); end`;
  return [
    ...Object.entries(COVERED).flatMap(([table, covered]) => [
      `drop trigger ${table}_no_delete`,
      guard(table, 'no_delete', 'delete', `when not exists (${covered})`, 'is append-only'),
    ]),
    guard('audit_cut', 'forward', 'update', 'when new.position <= old.position', 'moves forward only'),
    guard('audit_cut', 'no_delete', 'delete', '', 'moves forward only'),
  ];
}

function postgresGuards(): string[] {
  return [
    ...Object.entries(COVERED).flatMap(([table, covered]) => [
      `drop trigger ${table}_append_only on ${table}`,
      `create trigger ${table}_append_only before update or truncate on ${table}
        for each statement execute function refuse_audit_change()`,
      `create function refuse_${table}_delete() returns trigger language plpgsql as $$
        begin
          if not exists (${covered}) then raise exception '${table} is append-only'; end if;
          return old;
        end $$`,
      `create trigger ${table}_no_delete before delete on ${table}
        for each row execute function refuse_${table}_delete()`,
    ]),
    `create function refuse_audit_cut() returns trigger language plpgsql as $$
      begin
        if tg_op = 'UPDATE' and new.position > old.position then return new; end if;
        raise exception 'audit_cut moves forward only';
      end $$`,
    `create trigger audit_cut_forward before update or delete on audit_cut
      for each row execute function refuse_audit_cut()`,
    `create trigger audit_cut_stays before truncate on audit_cut
      for each statement execute function refuse_audit_change()`,
  ];
}
