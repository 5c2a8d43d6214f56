import { createHash } from 'node:crypto';
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { DatabaseAway } from './database-away.ts';
import { inTime } from './in-time.ts';
import type { Silence } from './open.ts';
import { isPrepared } from './prepared.ts';
import { LIFT_LIMIT } from './without-limit.ts';

/**
 * What `prepared` built runs by a name on PostgreSQL: the server reads and plans it once for each connection and not
 * for every request (decision 33). A name is made of the text alone: behind a pooler a connection may have been
 * somebody else's, and one name must never mean two statements.
 *
 * Two things can be in the way, and neither may be seen by anybody: a newer version beside this one has changed a table
 * (expand, R84), and the server refuses the old plan; or a pooler hands out connections that know nothing of our names.
 * Then the names of this process are given up, for new ones or for good, and the statement runs again; inside a
 * transaction, which such an error ends, the whole transaction does.
 */
export function nameStatements(pool: Pool, silence: Silence): PostgresPool {
  const clients = new WeakMap<PoolClient, NamingClient>();
  const names = new Names();
  return {
    options: pool.options,
    async connect() {
      const client = await pool.connect();
      let naming = clients.get(client);
      if (!naming) {
        naming = new NamingClient(client, names, silence);
        clients.set(client, naming);
      }
      return naming;
    },
    end: () => pool.end(),
  };
}

/** "cached plan must not change result type" */
const OUTDATED = '0A000';
/** invalid_sql_statement_name, duplicate_prepared_statement */
const UNKNOWN = ['26000', '42P05'];

/** True of an error that a statement with its name has and the same without doesn't. */
export function isOfNames(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  if (code === OUTDATED) return /cached plan/.test(message ?? '');
  return code !== undefined && UNKNOWN.includes(code);
}

class Names {
  private readonly made = new Map<string, string>();
  private generation = 0;
  private refused = 0;

  /** Null: this one runs without. */
  of(text: string): string | null {
    if (this.refused >= MOST_REFUSED || !isPrepared(text)) return null;
    let name = this.made.get(text);
    if (name === undefined) {
      name = `${createHash('sha256').update(text).digest('base64url')}.${this.generation}`;
      this.made.set(text, name);
    }
    return name;
  }

  giveUp({ code }: { code?: string }): void {
    this.made.clear();
    this.generation++;
    if (code !== OUTDATED) this.refused++;
  }
}

/** Once may be an administrator's `deallocate`; after this often it is a pooler. */
const MOST_REFUSED = 3;

class NamingClient implements PostgresPoolClient {
  private readonly client: PoolClient;
  private readonly names: Names;
  private readonly silence: Silence;
  private inTransaction = false;
  private limited = true;
  /** It owes an answer: what comes next on this connection would be that one. */
  private owing = false;

  constructor(client: PoolClient, names: Names, silence: Silence) {
    this.client = client;
    this.names = names;
    this.silence = silence;
  }

  query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query(cursor: never): never;
  query<R>(text: string, values: readonly unknown[] = []): Promise<PostgresQueryResult<R>> {
    const name = this.names.of(text);
    if (name !== null) return this.runNamed(name, text, values);
    if (/^(begin|start)\b/.test(text)) return this.begin(text);
    if (/^(commit|rollback)$/.test(text)) return this.end(text);
    if (text === LIFT_LIMIT) this.limited = false;
    return this.run(text, values);
  }

  private async begin<R>(text: string): Promise<PostgresQueryResult<R>> {
    const begun = await this.run<R>(text, [], this.silence.begin);
    this.inTransaction = true;
    return begun;
  }

  private async end<R>(text: string): Promise<PostgresQueryResult<R>> {
    this.inTransaction = false;
    this.limited = true;
    // The server rolls back when the connection ends.
    if (this.owing && text === 'rollback') return { command: 'SELECT', rowCount: 0, rows: [] };
    return this.run(text, []);
  }

  private async runNamed<R>(name: string, text: string, values: readonly unknown[]) {
    try {
      return await this.run<R>({ name, text }, values);
    } catch (error) {
      if (!isOfNames(error)) throw error;
      this.names.giveUp(error as { code?: string });
      if (this.inTransaction) throw error;
      return await this.run<R>(text, values);
    }
  }

  private async run<R>(
    query: string | { name: string; text: string },
    values: readonly unknown[],
    patience = this.silence.statement,
  ): Promise<PostgresQueryResult<R>> {
    if (this.owing) throw new DatabaseAway(new Error('an answer is still missing'));
    const answer = this.client.query(query as string, values as unknown[]) as unknown as Promise<
      PostgresQueryResult<R>
    >;
    if (!this.limited) return answer;
    try {
      return await inTime(answer, patience);
    } catch (error) {
      this.owing ||= error instanceof DatabaseAway;
      throw error;
    }
  }

  release(destroy?: boolean): void {
    // Whatever went wrong with the end of a transaction, the next one to take this begins outside of any.
    this.inTransaction = false;
    this.limited = true;
    this.client.release(destroy || this.owing);
  }
}
