import { sql } from 'kysely';
import type { Tx } from './open.ts';
import { isPostgres } from './prepared.ts';

export const LIFT_LIMIT = 'set local statement_timeout = 0';

/**
 * For the rest of this transaction statements may take as long as they like: it moves many more rows than a request ever
 * does, and what watches over requests would stop it. SQLite has no such limit.
 */
export async function withoutLimit(tx: Tx): Promise<void> {
  if (isPostgres(tx)) await sql.raw(LIFT_LIMIT).execute(tx);
}
