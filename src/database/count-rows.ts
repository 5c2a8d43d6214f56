import { type RawBuilder, sql } from 'kysely';
import type { Db } from './open.ts';

/** `what`: from where, under which condition; written as an index is, so that it is used. */
export async function countRows(db: Db, what: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count ${what}`.execute(db);
  return Number(rows[0]?.count);
}
