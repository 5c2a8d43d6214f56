import { type Kysely, sql } from 'kysely';
import type { Engine } from '../open.ts';

/** Sign-ins at hosts whose proxy asks for them, and the tickets with which they begin. */
export async function forwardAuth(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const text = engine === 'postgres' ? 'text collate "C"' : 'text';
  // Both end with the session, whoever ends it and however.
  const owners = `session_id ${text} not null references session (id) on delete cascade,
    client_id ${text} not null references client (id) on delete cascade`;
  const statements = [
    `create table forward_auth_session (
      token_hash ${text} primary key, ${owners}, created_at bigint not null, last_used_at bigint not null)`,
    'create unique index forward_auth_session_owner on forward_auth_session (session_id, client_id)',
    'create index forward_auth_session_client on forward_auth_session (client_id, last_used_at)',
    `create table forward_auth_ticket (
      ticket_hash ${text} primary key, ${owners}, begin_hash ${text} not null, return_path text not null,
      expires_at bigint not null)`,
    'create index forward_auth_ticket_session on forward_auth_ticket (session_id)',
    'create index forward_auth_ticket_client on forward_auth_ticket (client_id)',
    // When somebody last came to an app, told from the index alone.
    'create index app_consent_use on app_consent (client_id, last_used_at)',
    'create index forward_auth_ticket_expiry on forward_auth_ticket (expires_at)',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
