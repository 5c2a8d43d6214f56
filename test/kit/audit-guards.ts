import { type Kysely, sql } from 'kysely';
import type { Database } from '../../src/database/open.ts';

const OFF = {
  sqlite: ['audit_event_no_update', 'audit_event_no_delete', 'audit_link_no_update', 'audit_link_no_delete']
    .concat('audit_cut_forward', 'audit_cut_no_delete')
    .map((name) => `drop trigger if exists ${name}`),
  postgres: ['audit_event', 'audit_link', 'audit_cut'].map(
    (name) => `alter table ${name} disable trigger user`,
  ),
};

/** What a thief with the database in hand would do first: then only the chain itself tells (R73). */
export async function takeAwayGuards({ db, engine }: Pick<Database, 'db' | 'engine'>): Promise<void> {
  for (const statement of OFF[engine]) await sql.raw(statement).execute(db as unknown as Kysely<unknown>);
}
