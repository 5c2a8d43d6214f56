import { type Kysely, sql } from 'kysely';
import type { Engine } from '../open.ts';

/**
 * FIDO's list of authenticator models, where administrators demand models (R23). Of requests for help and of text messages:
 * whether a browser asked that had signed in before, so that strangers can't use up what is meant for its person (R59).
 * Of a step-up: the account that its password was right for (R35). Of a session that began with a recovery code: when its
 * person put away what the Security page advises then.
 */
export async function sharesAndKeyModels(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const text = engine === 'postgres' ? 'text collate "C"' : 'text';
  const statements = [
    `create table key_metadata (
      id ${text} primary key, no bigint not null, file text not null, fetched_at bigint not null)`,
    'alter table recovery_request add column known bigint not null default 0',
    'alter table text_sent add column known bigint not null default 0',
    'alter table step_up add column security_version bigint',
    'alter table session add column advised_at bigint',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
