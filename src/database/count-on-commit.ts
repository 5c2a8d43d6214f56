import type { Countable, Meters } from '../kit/meters.ts';
import type { Database, Tx } from './open.ts';

type Note = (meters: Meters) => void;

/** What each open transaction has to tell. On SQLite all have one handle, but they run one after the other. */
const open = new WeakMap<Tx, Note[]>();

/**
 * Counts it once this transaction has committed, and not at all if it is rolled back or run anew: what is counted is what
 * is in the database.
 */
export function countOnCommit<Name extends keyof Countable>(
  tx: Tx,
  name: Name,
  labels: Countable[Name],
  by = 1,
): void {
  if (by > 0) open.get(tx)?.push((meters) => meters.count(name, labels, by));
}

/** The database as it is, with every commit timed and what it says counted. */
export function metered(database: Database, meters: Meters): Database {
  return {
    ...database,
    async transaction(work, options) {
      const begun = performance.now();
      let notes: Note[] = [];
      const value = await database.transaction((tx) => {
        notes = [];
        open.set(tx, notes);
        return work(tx);
      }, options);
      meters.took('commit', performance.now() - begun);
      for (const note of notes) note(meters);
      return value;
    },
  };
}
