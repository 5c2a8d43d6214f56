import { putMetaOnce, readMeta } from '../database/meta.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { newId } from '../kit/random.ts';

/** Not in a backup: a restored database is another one, and the first may go on. */
const KEY = 'builds/owner';

/** The name by which this database claims the place where files of builds lie; null: it has claimed none yet. */
export async function readOwner(db: Db): Promise<string | null> {
  return readMeta(db, KEY);
}

/** One for all instances. */
export async function ownerOf({ database, random }: Pick<Deps, 'database' | 'random'>): Promise<string> {
  return (
    (await readOwner(database.db)) ??
    (await database.transaction((tx) => putMetaOnce(tx, KEY, newId(random))))
  );
}
