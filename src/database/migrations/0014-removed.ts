import { type Kysely, sql } from 'kysely';

/** Groups and apps of a great many people go in two steps: nobody finds them any more, and then their rows, a few at a time. */
export async function removed(db: Kysely<unknown>): Promise<void> {
  for (const table of ['people_group', 'client'])
    await sql.raw(`alter table ${table} add column removed_at bigint`).execute(db);
}
