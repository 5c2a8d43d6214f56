import { type Kysely, sql } from 'kysely';

/** From when on an app demands a second factor, whatever its settings ask for; null: they alone decide. */
export async function rulesOfApps(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table client add column two_factor_from_at bigint').execute(db);
}
