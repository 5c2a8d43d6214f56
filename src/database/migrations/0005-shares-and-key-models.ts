import { type Kysely, sql } from 'kysely';
import type { Engine } from '../open.ts';

/** FIDO's list of authenticator models, where administrators demand models (R23). */
export async function keyMetadata(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const text = engine === 'postgres' ? 'text collate "C"' : 'text';
  await sql
    .raw(
      `create table key_metadata (
        id ${text} primary key, no bigint not null, file text not null, fetched_at bigint not null)`,
    )
    .execute(db);
}
