import { createRequire } from 'node:module';
import { Kysely, PostgresDialect, type PostgresPool, sql } from 'kysely';
import type { Pool } from 'pg';
import { type Meters, noMeters } from '../kit/meters.ts';
import { pause } from '../kit/pause.ts';
import { systemRandom as random } from '../kit/random.ts';
import { DatabaseAway, isAway } from './database-away.ts';
import { inTime } from './in-time.ts';
import { isOfNames, nameStatements } from './named-statements.ts';
import type { Database, OpenOptions, Silence } from './open.ts';
import type { Schema } from './schema.ts';

const POOL_SIZE = 20; // as DATABASE_POOL says when it is silent
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 15_000;
/** A server that answers at all ends a statement before. */
const SILENCE: Silence = { ping: 3_000, begin: 5_000, statement: STATEMENT_TIMEOUT_MS + 2_000 };
const TRIES = 5;

/** int8 arrives as text by default; instants and counters fit in a double exactly (below 2^53). */
const INT8 = 20;

export function openPostgres(
  url: string,
  { poolSize = POOL_SIZE, meters = noMeters, silence = SILENCE }: OpenOptions,
): Database {
  // Loaded only where it is used: most installations run on SQLite.
  const pg = createRequire(import.meta.url)('pg') as typeof import('pg');
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'countersign',
    // The claims are written for READ COMMITTED, whatever the database's default is.
    options: '-c synchronous_commit=on -c default_transaction_isolation=read\\ committed',
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === INT8 && format !== 'binary'
          ? Number
          : pg.types.getTypeParser(oid, format as 'text')) as never,
    },
  });
  // A connection that dies while idle must not end the process; the next query says 503.
  pool.on('error', () => {});
  // The pool listens to idle connections only: one that dies in a transaction must not end the process either.
  pool.on('connect', (client) => client.on('error', () => {}));
  const named = nameStatements(pool, silence);
  const writer = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: named }) });
  const db = meters === noMeters ? writer : timeReads(pool, named, meters);
  let closing: Promise<void> | null = null;
  return {
    engine: 'postgres',
    db,
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await writer.transaction().execute(work);
        } catch (error) {
          if (!isRetryable(error)) throw asAway(error);
          if (attempt === TRIES) throw new DatabaseAway(error);
          await pause(attempt * attempt * 3 * (0.5 + random.bytes(1).readUInt8() / 255));
        }
      }
    },
    version: () => null,
    async ping() {
      try {
        await inTime(sql`select 1`.execute(db), silence.ping);
      } catch (error) {
        throw new DatabaseAway(error);
      }
    },
    async clock() {
      const { rows } = await sql<{ at: number }>`
        select (extract(epoch from clock_timestamp()) * 1000)::bigint as at`.execute(db);
      return rows[0]?.at ?? null;
    },
    // Kysely's own would end a pool that both share twice, or not at all where one was never used.
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}

/** Beside the one for transactions, whose statements are no reads of their own. */
function timeReads(pool: Pool, named: PostgresPool, meters: Meters): Kysely<Schema> {
  meters.watch('connectionsOpen', () => pool.totalCount);
  meters.watch('connectionsIdle', () => pool.idleCount);
  meters.watch('connectionsWaiting', () => pool.waitingCount);
  return new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: named }),
    log: ({ query, queryDurationMillis }) => {
      if (/^select\b/i.test(query.sql)) meters.took('read', queryDurationMillis);
    },
  });
}

/** serialization_failure, deadlock_detected, a plan that is outdated: rolled back whole, it may run again. */
function isRetryable(error: unknown): boolean {
  const code = (error as { code?: string }).code;
  return code === '40001' || code === '40P01' || isOfNames(error);
}

function asAway(error: unknown): unknown {
  return isAway(error) && !(error instanceof DatabaseAway) ? new DatabaseAway(error) : error;
}
