import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from '../database/open.ts';
import { isPostgres } from '../database/prepared.ts';
import { keyIdOf } from '../kit/seal.ts';
import { readSealed, SEALED, type SealedColumn, type SealedRow } from './sealed-columns.ts';

/** What of the table can hold something sealed. What was sent keeps an empty text. */
const sealedOnly = ({ column, only }: SealedColumn): RawBuilder<unknown> =>
  only ? sql`${sql.ref(only.column)} = ${only.value}` : sql`${sql.ref(column)} <> ''`;

const refs = (names: readonly string[]) => sql.join(names.map((name) => sql.ref(name)));

/** The next rows of a table in the order of its primary key, whatever they are sealed with. `sealed`: the column. */
export async function nextSealed(
  db: Db,
  place: SealedColumn,
  after: readonly string[] | null,
  limit: number,
): Promise<SealedRow[]> {
  const { table, column, key, also } = place;
  const further = after === null ? sql`` : sql`and (${refs(key)}) > (${sql.join(after)})`;
  const { rows } = await sql<SealedRow>`
    select ${refs([...key, ...also])}, ${sql.ref(column)} as sealed_text from ${sql.table(table)}
    where ${sealedOnly(place)} ${further} order by ${refs(key)} limit ${limit}`.execute(db);
  return rows;
}

/** False where somebody has changed the secret, or the row is gone. */
export async function replaceSealed(
  tx: Tx,
  { table, column, key }: SealedColumn,
  row: SealedRow,
  sealed: string,
): Promise<boolean> {
  const same = sql.join(
    [
      ...key.map((name) => sql`${sql.ref(name)} = ${row[name]}`),
      sql`${sql.ref(column)} = ${row['sealed_text']}`,
    ],
    sql` and `,
  );
  const { numAffectedRows } =
    await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sealed} where ${same}`.execute(tx);
  return numAffectedRows === 1n;
}

/** Key id -> sealed secrets, over all tables. Reads them whole. */
export async function countSealed(db: Db): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const add = (id: string, count: number) => counts.set(id, (counts.get(id) ?? 0) + count);
  for (const place of SEALED) {
    if (place.field === undefined)
      for (const { id, count } of await countColumn(db, place)) add(id, Number(count));
    else
      for (const row of await nextSealed(db, place, null, Number.MAX_SAFE_INTEGER))
        add(keyIdOf(readSealed(place, row)?.sealed ?? ''), 1);
  }
  counts.delete('');
  return counts;
}

async function countColumn(db: Db, place: SealedColumn): Promise<{ id: string; count: number }[]> {
  const column = sql.ref(place.column);
  const id = isPostgres(db)
    ? sql<string>`split_part(${column}, '.', 1)`
    : sql<string>`substr(${column}, 1, instr(${column}, '.') - 1)`;
  const { rows } = await sql<{ id: string; count: number }>`
    select ${id} as id, count(*) as count from ${sql.table(place.table)} where ${sealedOnly(place)} group by 1`.execute(
    db,
  );
  return rows;
}

/** Key id -> records whose links it made, and the notes of where the chain begins. */
export async function countRecords(db: Db): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; count: number }>`
    select id, sum(count) as count from (
      select key_id as id, count(*) as count from audit_link group by key_id
      union all select key_id as id, 1 as count from audit_cut) as used group by id`.execute(db);
  return new Map(rows.map(({ id, count }) => [id, Number(count)]));
}

/** The keys of the chain's links after a position, page by page, so that nobody waits for a scan of it all. */
export async function nextLinkKeys(
  db: Db,
  after: number,
  limit: number,
): Promise<readonly { readonly position: number; readonly key_id: string }[]> {
  return db
    .selectFrom('audit_link')
    .select(['position', 'key_id'])
    .where('position', '>', after)
    .orderBy('position')
    .limit(limit)
    .execute();
}
