import type { DatabaseSync } from 'node:sqlite';

export type Commit = <T>(job: () => T) => Promise<T>;

/**
 * Runs a job in a durable transaction; the promise settles only after COMMIT has synced.
 * `plain` gives every job a transaction of its own; in `grouped` the jobs that wait at the same time share one.
 * A job must not write anything before it decides to refuse, because nothing rolls it back alone.
 */
export function committer(db: DatabaseSync, mode: 'plain' | 'grouped'): Commit {
  return mode === 'plain' ? plain(db) : grouped(db);
}

function plain(db: DatabaseSync): Commit {
  return async (job) => {
    db.exec('BEGIN IMMEDIATE');
    const result = job();
    db.exec('COMMIT');
    return result;
  };
}

function grouped(db: DatabaseSync): Commit {
  let waiting: { run: () => void; settle: () => void }[] = [];

  function flush(): void {
    const group = waiting;
    waiting = [];
    db.exec('BEGIN IMMEDIATE');
    for (const job of group) job.run();
    db.exec('COMMIT');
    for (const job of group) job.settle();
  }

  return <T>(job: () => T) =>
    new Promise<T>((resolve) => {
      let result: T;
      waiting.push({
        run: () => {
          result = job();
        },
        settle: () => resolve(result),
      });
      if (waiting.length === 1) setImmediate(flush);
    });
}
