import { type Kysely, sql } from 'kysely';
import type { Engine } from '../open.ts';

/** Groups of people, the rule who must use a second factor, and the apps that sign their people in here. */
export async function groupsAndApps(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const text = engine === 'postgres' ? 'text collate "C"' : 'text';
  const group = `group_id ${text} not null references people_group (id) on delete cascade`;
  const statements = [
    `create table people_group (
      id ${text} primary key, name text not null, name_key ${text} not null unique, created_at bigint not null)`,
    `create table group_member (
      ${group}, account_id ${text} not null references account (id) on delete cascade, created_at bigint not null,
      primary key (group_id, account_id))`,
    'create index group_member_account on group_member (account_id)',
    `create table two_factor_rule (
      id ${text} primary key, group_id ${text} references people_group (id) on delete cascade,
      required_from_at bigint not null, created_at bigint not null)`,
    // One rule each; a null is not equal to another, so everybody's needs an index of its own.
    'create unique index two_factor_rule_group on two_factor_rule (group_id) where group_id is not null',
    `create unique index two_factor_rule_everyone on two_factor_rule ((1)) where group_id is null`,
    `create table client (
      id ${text} primary key, kind ${text} not null, name text not null, description text not null, home_url text,
      secret_hash ${text}, redirect_uris text not null, post_logout_redirect_uris text not null,
      backchannel_logout_uri text, origin ${text} unique, acr ${text} not null, scopes text not null,
      created_at bigint not null, secret_changed_at bigint)`,
    `create table client_group (
      client_id ${text} not null references client (id) on delete cascade, ${group},
      primary key (client_id, group_id))`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
