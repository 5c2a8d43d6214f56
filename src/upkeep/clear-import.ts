import { insertWords } from '../accounts/search-words.ts';
import type { Database, Tx } from '../database/open.ts';
import { MINUTE } from '../kit/clock.ts';
import { pause } from '../kit/pause.ts';

/** A run that reads is heard of several times a second. */
const ABANDONED_AFTER = MINUTE;
/** A batch takes some milliseconds, and sign-ins come in between. */
const BATCH = 500;
const BREATH_MS = 10;

/** Removes what a crashed import had read: hashes and sealed secrets of people who never came in. */
export async function clearAbandonedImports(database: Database, now: number): Promise<void> {
  const runs = await database.db
    .selectFrom('import_run')
    .select('id')
    .where('touched_at', '<=', now - ABANDONED_AFTER)
    .execute();
  for (const { id } of runs) await clearImport(database, id);
}

/**
 * Bit by bit: nobody needs it to be gone at once. May run in several processes. Who has come in gets the words by which
 * people are found now, and not in the one transaction that holds up all others.
 */
export async function clearImport({ transaction }: Database, id: string): Promise<void> {
  for (let more = true; more; ) {
    more = await transaction(async (tx) => {
      const rows = await tx
        .selectFrom('import_row')
        .select(['position', 'account_id'])
        .where('import_id', '=', id)
        .orderBy('position')
        .limit(BATCH)
        .execute();
      const end = rows.at(-1)?.position ?? 0;
      const people = rows.map(({ account_id }) => account_id);
      await makeFindable(tx, people);
      if (people.length > 0)
        for (const table of ['import_factor', 'import_member'] as const)
          await tx.deleteFrom(table).where('import_id', '=', id).where('account_id', 'in', people).execute();
      await tx.deleteFrom('import_row').where('import_id', '=', id).where('position', '<=', end).execute();
      if (rows.length < BATCH) await tx.deleteFrom('import_run').where('id', '=', id).execute();
      return rows.length === BATCH;
    });
    if (more) await pause(BREATH_MS);
  }
}

/** Of these ids, the ones that have become accounts; their rows go in the same transaction, so it happens once. */
async function makeFindable(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const accounts = await tx
    .selectFrom('account')
    .select(['id', 'name', 'email'])
    .where('id', 'in', ids)
    .execute();
  await insertWords(tx, ...accounts);
}
