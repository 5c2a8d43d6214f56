import {
  type Compilable,
  type CompiledQuery,
  type InferResult,
  type Kysely,
  PostgresAdapter,
  type QueryResult,
} from 'kysely';
import type { Schema } from './schema.ts';

class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Texts of statements for PostgreSQL: no more than there are in the source. */
const builtOnce = new Set<string>();

/** Whether a text comes of `prepared`, so that it stays the same whatever it is filled with. */
export function isPrepared(text: string): boolean {
  return builtOnce.has(text);
}

/** What runs a compiled query of this handle without Kysely's connection handling around it. */
type DirectRunner = (query: CompiledQuery) => Promise<QueryResult<never>>;
const directRunners = new WeakMap<Kysely<Schema>, DirectRunner>();

/** For an engine with one connection, where there is none to acquire or release. */
export function runDirectly(db: Kysely<Schema>, run: DirectRunner): void {
  directRunners.set(db, run);
}

/**
 * A query that is built once for each engine and then only filled in. Building one costs more than running it on
 * SQLite, and the second step runs a dozen.
 *
 * `const byHash = prepared<{ hash: string }>()((db, { hash }) => db.selectFrom('session').where('token_hash', '=', hash))`
 * -> `byHash(db, { hash })` gives the rows, `byHash.count(db, …)` the rows that a write touched.
 */
export function prepared<P extends object>() {
  return <Q extends Compilable>(
    build: (db: Kysely<Schema>, parameters: P) => Q,
  ): Prepared<P, InferResult<Q>> => {
    const plans = new Map<string, { query: CompiledQuery; fill: (values: P) => unknown[] }>();

    function planFor(db: Kysely<Schema>) {
      const engine = isPostgres(db) ? 'postgres' : 'sqlite';
      let plan = plans.get(engine);
      if (!plan) {
        const names = new Proxy({}, { get: (_target, name) => new Placeholder(String(name)) }) as P;
        const query = build(db, names).compile() as CompiledQuery;
        const slots = query.parameters.map((value) => (value instanceof Placeholder ? value.name : null));
        const fill = (values: P) =>
          slots.map((name, index) =>
            name === null ? query.parameters[index] : (values as Record<string, unknown>)[name],
          );
        plan = { query, fill };
        if (engine === 'postgres') builtOnce.add(query.sql);
        plans.set(engine, plan);
      }
      return plan;
    }

    const execute = (db: Kysely<Schema>, values: P) => {
      const { query, fill } = planFor(db);
      const filled = { ...query, parameters: fill(values) };
      const direct = directRunners.get(db);
      return (direct ? direct(filled) : db.executeQuery(filled)) as Promise<QueryResult<unknown>>;
    };
    const run = async (db: Kysely<Schema>, values: P) => (await execute(db, values)).rows;
    run.count = async (db: Kysely<Schema>, values: P) =>
      Number((await execute(db, values)).numAffectedRows ?? 0n);
    return run as unknown as Prepared<P, InferResult<Q>>;
  };
}

export interface Prepared<P, R> {
  (db: Kysely<Schema>, values: P): Promise<R extends readonly unknown[] ? R : never[]>;
  /** Rows touched: what a claim looks at. */
  count(db: Kysely<Schema>, values: P): Promise<number>;
}

/** `for update` exists on PostgreSQL only; SQLite's writer is alone anyway. */
export function isPostgres(db: Kysely<Schema>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}
