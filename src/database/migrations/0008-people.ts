import { type Kysely, sql } from 'kysely';
import { searchWords } from '../../kit/search-words.ts';
import type { Engine } from '../open.ts';

/** What lists and searches of the Dashboard go by, so that a million people are found as quickly as a thousand. */
export async function people(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const text = engine === 'postgres' ? 'text collate "C"' : 'text';
  const compact = engine === 'sqlite' ? ' without rowid' : '';
  // The order of addresses, as bytes on both engines.
  const email = engine === 'postgres' ? 'email collate "C"' : 'email';
  const statements = [
    `create table account_word (
      word ${text} not null, account_id ${text} not null references account (id) on delete cascade,
      primary key (word, account_id))${compact}`,
    'create index account_word_account on account_word (account_id)',
    // Of most of these there are few; each list is read in its order, from wherever its page begins.
    "create index account_role on account (id) where roles <> ''",
    `create index account_administrators on account (${email}) where roles like '%admin%'`,
    `create index account_suspended on account (${email}) where suspended_at is not null`,
    `create index account_unprotected on account (${email}) where two_factor_at is null`,
    `create index account_invited on account (${email}) where password_hash is null`,
    // What somebody did to others; what people did themselves stands in the index of subjects.
    `create index audit_event_actor on audit_event (actor, seq)
      where actor <> subject or (subject is null and actor is not null)`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
  await collectWords(db);
}

const PAGE = 1_000;
/** Two values each; SQLite takes 32,766 in a statement. */
const ROWS_AT_ONCE = 5_000;

async function collectWords(db: Kysely<unknown>): Promise<void> {
  for (let last = ''; ; ) {
    const { rows } = await sql<{ id: string; name: string; email: string }>`
      select id, name, email from account where id > ${last} order by id limit ${PAGE}`.execute(db);
    const words = rows.flatMap(({ id, name, email }) =>
      searchWords(`${name} ${email.slice(0, email.lastIndexOf('@'))}`).map((word) => sql`(${word}, ${id})`),
    );
    for (let from = 0; from < words.length; from += ROWS_AT_ONCE) {
      const some = words.slice(from, from + ROWS_AT_ONCE);
      await sql`insert into account_word (word, account_id) values ${sql.join(some)}`.execute(db);
    }
    if (rows.length < PAGE) return;
    last = rows.at(-1)!.id;
  }
}
