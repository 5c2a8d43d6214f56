import { type Kysely, sql } from 'kysely';

/** What the hashes of a set of recovery codes cost: with another `ARGON2`, every code of before was a wrong one. */
export async function costOfCodes(db: Kysely<unknown>): Promise<void> {
  const statements = [
    'alter table recovery_code_set add column cost text',
    // Of those of before there are fewer and fewer to look for.
    'create index recovery_code_set_no_cost on recovery_code_set (account_id) where cost is null',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
