import { type RawBuilder, sql } from 'kysely';
import type { Database, Db, Tx } from '../database/open.ts';
import type { Schema } from '../database/schema.ts';
import { pause } from '../kit/pause.ts';

/** Rows of one table that are good for nothing any more. */
export interface Ended {
  readonly table: keyof Schema;
  /** A text column that finds one row, or the few of one owner. */
  readonly key: string;
  /** Once true of a row, always true of it: it is looked for outside the transaction that removes it. */
  readonly when: RawBuilder<unknown>;
  /** An index says which they are. Without one all rows are passed, a stretch at a time. */
  readonly indexed: boolean;
}

/** Rows that one transaction removes: on SQLite everybody else waits for it. */
const AT_ONCE = 200;
/** Rows that one look passes. */
const STRETCH = 1000;
/** For those who sign in. */
const BREATH_MS = 10;

/** What one transaction after the other is to remove, a few keys each. */
export function endedKeys(db: Db, ended: Ended): AsyncGenerator<string[]> {
  return ended.indexed ? found(db, ended) : passed(db, ended);
}

/** -> how many rows went */
export async function removeEnded(
  tx: Tx,
  { table, key, when }: Ended,
  keys: readonly string[],
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from ${sql.table(table)} where ${sql.ref(key)} in (${sql.join(keys)}) and ${when}`.execute(tx);
  return Number(numAffectedRows);
}

/** All of them, and nothing else along with them. */
export async function removeAllEnded({ db, transaction }: Database, ended: Ended): Promise<void> {
  for await (const keys of endedKeys(db, ended)) await transaction((tx) => removeEnded(tx, ended, keys));
}

/** What was found is gone when we look again, through the caller or another process that does the same. */
async function* found(db: Db, { table, key, when }: Ended): AsyncGenerator<string[]> {
  const look = sql<{ key: string }>`
    select ${sql.ref(key)} as key from ${sql.table(table)} where ${when} limit ${sql.lit(AT_ONCE)}`;
  for (;;) {
    const { rows } = await look.execute(db);
    if (rows.length > 0) yield rows.map((row) => row.key);
    if (rows.length < AT_ONCE) return;
    await pause(BREATH_MS);
  }
}

async function* passed(db: Db, { table, key, when }: Ended): AsyncGenerator<string[]> {
  const column = sql.ref(key);
  const here = sql.table(table);
  for (let after: string | undefined = ''; after !== undefined; ) {
    const ends: { rows: { key: string }[] } = await sql<{ key: string }>`
      select ${column} as key from ${here} where ${column} > ${after}
      order by ${column} limit 1 offset ${sql.lit(STRETCH)}`.execute(db);
    const upTo = ends.rows[0]?.key;
    const stretch = upTo === undefined ? sql`` : sql`and ${column} <= ${upTo}`;
    const { rows } = await sql<{ key: string }>`
      select distinct ${column} as key from ${here}
      where ${column} > ${after} ${stretch} and ${when}`.execute(db);
    for (let from = 0; from < rows.length; from += AT_ONCE)
      yield rows.slice(from, from + AT_ONCE).map((row) => row.key);
    after = upTo;
    if (upTo !== undefined) await pause(BREATH_MS);
  }
}
