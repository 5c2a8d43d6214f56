import type { Db, Tx } from './open.ts';
import { prepared } from './prepared.ts';

const byKey = prepared<{ key: string }>()((db, { key }) =>
  db.selectFrom('meta').select('value').where('key', '=', key),
);

/** What is kept once for the whole database; null where nothing is. */
export async function readMeta(db: Db, key: string): Promise<string | null> {
  const [row] = await byKey(db, { key });
  return row?.value ?? null;
}

export async function putMeta(tx: Tx, key: string, value: string): Promise<void> {
  await tx
    .insertInto('meta')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

/** -> what is kept: of two that come at once, the first one's. */
export async function putMetaOnce(tx: Tx, key: string, value: string): Promise<string> {
  await tx
    .insertInto('meta')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  return (await readMeta(tx, key)) as string;
}
