import type { Database, Engine, Tx } from './open.ts';
import type { Snapshot } from './snapshot.ts';

/** Servers finish what they are at; whoever holds a database for longer than this is asked to stop. */
export const LOCK_PATIENCE_MS = 60_000;

/** A whole database in one transaction: nobody else writes to it until that ends. */
export interface Held {
  readonly tx: Tx;
  /** For what takes one: everything that goes through it is part of the transaction. */
  readonly database: Database;
  /** What is there now; nothing may be written while it is read. */
  snapshot(): Promise<Snapshot>;
  /** Every table of ours, with its indexes, triggers and functions. */
  dropTables(): Promise<void>;
}

/** A database whose every transaction is this one: whoever holds it commits, and closes it. */
export function insideOf(tx: Tx, engine: Engine): Database {
  return {
    engine,
    version: () => null,
    db: tx,
    transaction: (work) => work(tx),
    ping: async () => {},
    clock: async () => null,
    close: async () => {},
  };
}

/** Somebody else holds the database. Nothing was changed. */
export class DatabaseBusy extends Error {
  constructor() {
    super('somebody else holds the database');
    this.name = 'DatabaseBusy';
  }
}
