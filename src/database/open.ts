import type { Kysely, Transaction } from 'kysely';
import { type Meters, noMeters } from '../kit/meters.ts';
import { metered } from './count-on-commit.ts';
import { openPostgres } from './postgres.ts';
import type { Schema } from './schema.ts';
import { openSqlite } from './sqlite.ts';

export type Engine = 'sqlite' | 'postgres';
/** For reading, and for single statements that stand alone. */
export type Db = Kysely<Schema>;
/** Inside a transaction. Whatever must happen together takes one of these, so that it can't be called without. */
export type Tx = Transaction<Schema>;

export interface Database {
  readonly engine: Engine;
  readonly db: Db;
  /**
   * Runs `work` in one transaction and resolves only after its COMMIT reached the disk (R81). `work` awaits nothing but
   * `tx`: no hashing, mail, network, and never the outer `db` (guarded on SQLite, where it would wait for itself).
   * It may run more than once (serialization failures on PostgreSQL).
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Another number after every commit, whoever made it: this process or another one. Null where the engine cannot tell, or
   * not now.
   */
  version(): number | null;
  /** Resolves when the database answers. @throws {DatabaseAway} */
  ping(): Promise<void>;
  /** The database's own clock in epoch milliseconds, or null where it is this machine's (R9). */
  clock(): Promise<number | null>;
  close(): Promise<void>;
}

export interface TransactionOptions {
  /**
   * Milliseconds that the commit may wait for others to share its sync; for those who wait longer for something else
   * anyway. PostgreSQL gathers commits by itself and doesn't look at it.
   */
  readonly patience?: number;
}

export interface OpenOptions {
  /** False for tests, and for a file that is thrown away unless it is synced as a whole: a server's database never. */
  readonly durable?: boolean;
  /** Connections to PostgreSQL at most; SQLite has one. */
  readonly poolSize?: number;
  readonly meters?: Meters;
  /** How long PostgreSQL may say nothing. */
  readonly silence?: Silence;
}

/** Milliseconds. `ping`: for `/readyz`; `begin`: of a transaction; `statement`: any other. */
export interface Silence {
  readonly ping: number;
  readonly begin: number;
  readonly statement: number;
}

/** `sqlite:PATH`, `sqlite::memory:` or `postgres://…` */
export function openDatabase(url: string, options: OpenOptions = {}): Database {
  const { meters = noMeters } = options;
  const database = url.startsWith('sqlite:')
    ? openSqlite(url.slice('sqlite:'.length), options)
    : openPostgres(url, options);
  return meters === noMeters ? database : metered(database, meters);
}
