import { sql } from 'kysely';
import { GIVEN } from '../clients/store.ts';
import type { Database, Tx } from '../database/open.ts';
import { lockClientsWith } from '../groups/uses.ts';
import { type Ended, removeAllEnded } from './piecemeal.ts';

/**
 * Takes away what is left of apps and groups that are gone for everybody: a few rows at a time, since nobody signs in
 * meanwhile. What was written at the very moment of the removal goes with the last one.
 */
export async function forgetRemoved(database: Database): Promise<void> {
  for (const id of await listRemoved(database, 'client')) {
    for (const ended of givenTo(id)) await removeAllEnded(database, ended);
    await database.transaction((tx) => tx.deleteFrom('client').where('id', '=', id).execute());
  }
  for (const id of await listRemoved(database, 'people_group')) {
    const when = sql`group_id = ${id}`;
    await removeAllEnded(database, { table: 'group_member', key: 'account_id', when, indexed: false });
    await database.transaction((tx) => forgetGroup(tx, id));
  }
}

/**
 * An instance of the version before, running beside this one, still sees a removed group and may let an app in by it
 * alone. Without the group that app would let in everybody; as it is, it lets in nobody.
 */
async function forgetGroup(tx: Tx, id: string): Promise<void> {
  if ((await lockClientsWith(tx, id)).some(({ only }) => only)) return;
  await tx.deleteFrom('people_group').where('id', '=', id).execute();
}

/**
 * All of the tables is passed, which is quicker where most of it goes. Not by the index of apps, which SQLite would take for
 * the shortest way: each time it would lead through a million rows, of which two hundred are meant.
 */
export function givenTo(clientId: string): Ended[] {
  const when = sql`client_id || '' = ${clientId}`;
  return GIVEN.map(({ table, key }) => ({ table, key, when, indexed: false }));
}

async function listRemoved({ db }: Database, table: 'client' | 'people_group'): Promise<string[]> {
  const rows = await db.selectFrom(table).select('id').where('removed_at', 'is not', null).execute();
  return rows.map(({ id }) => id);
}
