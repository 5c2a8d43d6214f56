/**
 * Group commit. Every transaction is a savepoint inside one BEGIN IMMEDIATE … COMMIT, shared by all that waited when
 * it began: one sync for many answers, each answer after its own commit. A transaction that throws is rolled back to
 * its savepoint and takes nobody with it; a COMMIT that fails fails them all.
 */
export interface Writer {
  /** `patience` in milliseconds: how long this one may wait for others to share a commit with. */
  submit<T>(work: () => Promise<T>, patience: number): Promise<T>;
  /** A read must not see what may still be rolled back. */
  isOpen(): boolean;
  /** Resolves when no transaction is open. */
  idle(): Promise<void>;
  drain(): Promise<void>;
  /** How many transactions have yet to begin. */
  waiting(): number;
}

interface Job {
  work: () => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** More would make the first wait for the last. */
const MOST_IN_ONE_COMMIT = 128;

export function createWriter(
  exec: (sql: string) => void,
  retryBusy: <T>(work: () => T) => T | Promise<T>,
): Writer {
  let queue: Job[] = [];
  let scheduled = false;
  /** Runs while all that waits is patient, until the first of them is so no longer. */
  let later: NodeJS.Timeout | undefined;
  let laterAt = Number.POSITIVE_INFINITY;
  let open = false;
  let broken: Error | null = null;
  let waiting: (() => void)[] = [];

  async function pump(): Promise<void> {
    while (queue.length > 0) {
      const jobs = queue.slice(0, MOST_IN_ONE_COMMIT);
      queue = queue.slice(MOST_IN_ONE_COMMIT);
      await commitTogether(jobs);
    }
    scheduled = false;
    // Something may have come between the last look and here.
    if (queue.length > 0) schedule();
  }

  async function commitTogether(jobs: Job[]): Promise<void> {
    const done: (() => void)[] = [];
    try {
      if (broken) throw broken;
      await retryBusy(() => exec('begin immediate'));
      open = true;
      for (const job of jobs) await runOne(job, done);
      exec('commit');
    } catch (error) {
      if (open) rollBack();
      for (const job of jobs) job.reject(error);
      return;
    } finally {
      open = false;
      const readers = waiting;
      waiting = [];
      for (const resume of readers) resume();
    }
    for (const settle of done) settle();
  }

  async function runOne(job: Job, done: (() => void)[]): Promise<void> {
    exec('savepoint job');
    try {
      const value = await onlyDatabase(job.work());
      exec('release job');
      done.push(() => job.resolve(value));
    } catch (error) {
      if (error instanceof ForeignAwait) broken = error;
      exec('rollback to job');
      exec('release job');
      job.reject(error);
    }
  }

  function rollBack(): void {
    try {
      exec('rollback');
    } catch {
      // SQLite has rolled back by itself (disk full, I/O error).
    }
  }

  /** Whoever is in a hurry takes the patient ones along. */
  function schedule(): void {
    clearTimeout(later);
    later = undefined;
    laterAt = Number.POSITIVE_INFINITY;
    scheduled = true;
    // After this turn's requests have been read, so that they share the commit.
    setImmediate(() => void pump());
  }

  function scheduleBy(at: number): void {
    if (at >= laterAt) return;
    clearTimeout(later);
    laterAt = at;
    later = setTimeout(schedule, at - performance.now());
  }

  return {
    submit(work, patience) {
      return new Promise((resolve, reject) => {
        queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
        if (scheduled) return;
        if (patience === 0) schedule();
        else scheduleBy(performance.now() + patience);
      });
    },
    isOpen: () => open,
    idle() {
      return open ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve();
    },
    async drain() {
      if (later) schedule();
      while (scheduled) await new Promise((resolve) => setImmediate(resolve));
    },
    waiting: () => queue.length,
  };
}

/**
 * A transaction waited for something other than the database: a hash, the network, or the outer `db`, which waits for
 * the transaction in turn. What it does later would land in somebody else's transaction, so nothing is written any more.
 */
export class ForeignAwait extends Error {
  constructor() {
    super('a transaction awaited something other than its own database handle');
    this.name = 'ForeignAwait';
  }
}

/** node:sqlite answers at once, so honest work is done within this turn of the event loop. */
async function onlyDatabase<T>(work: Promise<T>): Promise<T> {
  let watch: NodeJS.Immediate | undefined;
  const alarm = new Promise<never>((_resolve, reject) => {
    watch = setImmediate(() => {
      watch = setImmediate(() => reject(new ForeignAwait()));
    });
  });
  try {
    return await Promise.race([work, alarm]);
  } finally {
    clearImmediate(watch);
  }
}
