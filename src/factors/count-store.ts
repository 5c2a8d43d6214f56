import { sql } from 'kysely';
import type { Slice } from '../accounts/slices.ts';
import type { Db } from '../database/open.ts';

// What is counted of many people at once: of one slice of the accounts, so that a million are counted without holding
// anybody up. Suspended accounts and suspended factors count for nothing.

/** -> as many numbers as kinds: how many people have a working factor of each. */
export async function countPeopleWith(db: Db, kinds: readonly string[], slice: Slice): Promise<number[]> {
  if (kinds.length === 0) return [];
  const columns = kinds.map(
    (kind, index) =>
      sql`sum(case when exists (${working} and kind = ${kind}) then 1 else 0 end) as ${sql.ref(`n${index}`)}`,
  );
  const { rows } = await sql<Record<string, number | null>>`select ${sql.join(columns)}
    ${protectedOf(slice)}`.execute(db);
  return kinds.map((_kind, index) => Number(rows[0]?.[`n${index}`]));
}

/** How many have factors, and none of a kind other than these. */
export async function countWithOnly(db: Db, kinds: readonly string[], slice: Slice): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count
    ${protectedOf(slice)} and ${hasOnly(kinds)}`.execute(db);
  return Number(rows[0]?.count);
}

export interface NamedPerson {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

/** The same people, in the order of their ids. */
export async function listWithOnly(
  db: Db,
  kinds: readonly string[],
  slice: Slice,
  limit: number,
): Promise<NamedPerson[]> {
  const { rows } = await sql<NamedPerson>`select id, email, name
    ${protectedOf(slice)} and ${hasOnly(kinds)} order by id limit ${limit}`.execute(db);
  return rows;
}

/** Never empty in what is written: no kind has this name. */
function hasOnly(kinds: readonly string[]) {
  const named = sql.join(kinds.length > 0 ? kinds : ['']);
  return sql`exists (${working}) and not exists (${working} and kind not in (${named}))`;
}

const working = sql`select 1 from factor where factor.account_id = account.id and factor.suspended_at is null`;

function protectedOf({ after, upTo }: Slice) {
  return sql`from account where account.id > ${after} and account.id <= ${upTo}
    and account.two_factor_at is not null and account.suspended_at is null`;
}
