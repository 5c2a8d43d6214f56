import { type Kysely, sql } from 'kysely';
import type { Engine } from '../open.ts';

/** Apps to install: their builds, whom they are offered to, and links that an iPhone follows without a session. */
export async function appStore(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const text = engine === 'postgres' ? 'text collate "C"' : 'text';
  const app = `app_id ${text} not null references app (id) on delete cascade`;
  const build = `build_id ${text} not null references build (id) on delete cascade`;
  const group = `group_id ${text} not null references people_group (id) on delete cascade`;
  // Who leaves takes nothing of the App Store along: administrators go on.
  const owner = `owner_id ${text} references account (id) on delete set null`;
  const statements = [
    `create table app (
      id ${text} primary key, slug ${text} not null unique, name text not null, description text not null, ${owner},
      icon_hash ${text}, created_at bigint not null)`,
    'create index app_owner on app (owner_id)',
    `create table app_icon (app_id ${text} primary key references app (id) on delete cascade, png text not null)`,
    `create table build (
      id ${text} primary key, ${app}, platform ${text} not null, format ${text} not null, version text not null,
      notes text not null, file_name text not null, size bigint not null, sha256 ${text} not null, bundle text,
      downloads bigint not null default 0, created_at bigint not null)`,
    'create unique index build_version on build (app_id, platform, format, version)',
    `create table publication (
      id ${text} primary key, ${build}, everyone bigint not null, created_at bigint not null, withdrawn_at bigint)`,
    'create index publication_build on publication (build_id)',
    // A build is offered once at a time; a new audience ends the older offer.
    'create unique index publication_live on publication (build_id) where withdrawn_at is null',
    `create table publication_group (
      publication_id ${text} not null references publication (id) on delete cascade, ${group},
      primary key (publication_id, group_id))`,
    'create index publication_group_group on publication_group (group_id)',
    `create table store_link (
      token_hash ${text} primary key, purpose ${text} not null, ${build},
      session_id ${text} not null references session (id) on delete cascade, created_at bigint not null,
      expires_at bigint not null, used_at bigint)`,
    'create index store_link_build on store_link (build_id)',
    'create index store_link_session on store_link (session_id)',
    'create index store_link_expiry on store_link (expires_at)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
