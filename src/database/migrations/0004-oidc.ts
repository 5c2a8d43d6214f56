import { type Kysely, sql } from 'kysely';
import type { Engine } from '../open.ts';

/** What OpenID Connect remembers: who allowed which app what, codes and tokens, sign-ins under way, signing keys. */
export async function oidc(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const text = engine === 'postgres' ? 'text collate "C"' : 'text';
  for (const statement of tables(text)) await sql.raw(statement).execute(db);
}

function tables(text: string): string[] {
  const account = `account_id ${text} not null references account (id) on delete cascade`;
  const client = `client_id ${text} not null references client (id) on delete cascade`;
  return [
    `create table app_consent (
      ${account}, ${client}, scope text not null, claims text not null, created_at bigint not null,
      last_used_at bigint not null, primary key (account_id, client_id))`,
    'create index app_consent_client on app_consent (client_id)',
    // No foreign key to the session: what was granted with offline_access outlives it.
    `create table oidc_grant (
      id ${text} primary key, ${account}, ${client}, session_id ${text} not null, offline bigint not null,
      scope text not null, claims text not null, created_at bigint not null, expires_at bigint not null)`,
    'create index oidc_grant_account on oidc_grant (account_id, client_id)',
    'create index oidc_grant_client on oidc_grant (client_id)',
    'create index oidc_grant_session on oidc_grant (session_id)',
    'create index oidc_grant_expiry on oidc_grant (expires_at)',
    // No foreign key to the grant: a token that is stored a moment after its grant was revoked is dead, not a fault.
    `create table oidc_token (
      hash ${text} primary key, kind text not null, ${client},
      account_id ${text} references account (id) on delete cascade, grant_id ${text}, session_id ${text},
      sealed text not null, created_at bigint not null, expires_at bigint not null, consumed_at bigint)`,
    'create index oidc_token_grant on oidc_token (grant_id)',
    'create index oidc_token_account on oidc_token (account_id)',
    'create index oidc_token_client on oidc_token (client_id)',
    'create index oidc_token_expiry on oidc_token (expires_at)',
    `create table oidc_interaction (
      hash ${text} primary key, ${client}, session_hash ${text} not null, sealed text not null,
      created_at bigint not null, expires_at bigint not null)`,
    'create index oidc_interaction_client on oidc_interaction (client_id)',
    'create index oidc_interaction_expiry on oidc_interaction (expires_at)',
    `create table session_client (
      session_id ${text} not null references session (id) on delete cascade, ${client}, sid ${text} not null,
      created_at bigint not null, primary key (session_id, client_id))`,
    'create index session_client_client on session_client (client_id)',
    `create table signing_key (
      id ${text} primary key, alg ${text} not null, generation bigint not null, sealed text not null,
      created_at bigint not null, active_at bigint not null)`,
    // Of two processes that make the next key at once, one wins.
    'create unique index signing_key_generation on signing_key (alg, generation)',
  ];
}
