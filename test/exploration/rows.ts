import { createHash } from 'node:crypto';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** Grow without end and decide nothing here; throttles of passwords and mails have models of their own. */
const NOT_KEPT = /^(audit_|outbox|mailbox|throttle|text_sent|lease|meta|migration|signing_key|sqlite_)/;

type Row = Record<string, string | number | null>;
/** Every row that the product's next answer may depend on. */
export type Rows = ReadonlyMap<string, readonly (readonly (string | number | null)[])[]>;

interface Table {
  readonly name: string;
  readonly read: StatementSync;
  readonly clear: StatementSync;
  readonly put: StatementSync;
}

/** The walker's own eyes on the database: plain SQL over a connection of its own, none of the product's code. */
export class OwnEyes {
  readonly #database: DatabaseSync;
  readonly #tables: readonly Table[];
  readonly #forgotten: readonly StatementSync[];
  readonly #asked = new Map<string, StatementSync>();

  constructor(path: string) {
    const database = new DatabaseSync(path, { timeout: 5_000, enableForeignKeyConstraints: false });
    database.exec('pragma synchronous = off');
    this.#database = database;
    const names = database
      .prepare("select name from sqlite_master where type = 'table' order by name")
      .all()
      .map((row) => String((row as Row)['name']));
    this.#tables = names
      .filter((name) => !NOT_KEPT.test(name))
      .map((name) => {
        const read = database.prepare(`select * from ${name}`);
        read.setReturnArrays(true);
        const slots = read
          .columns()
          .map(() => '?')
          .join(', ');
        return {
          name,
          read,
          clear: database.prepare(`delete from ${name}`),
          put: database.prepare(`insert into ${name} values (${slots})`),
        };
      });
    this.#forgotten = ['outbox', 'mailbox', 'throttle', 'text_sent'].map((name) =>
      database.prepare(`delete from ${name}`),
    );
  }

  all(sql: string, ...values: (string | number | null)[]): Row[] {
    let statement = this.#asked.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#asked.set(sql, statement);
    }
    return statement.all(...values) as Row[];
  }

  one(sql: string, ...values: (string | number | null)[]): Row | null {
    return this.all(sql, ...values)[0] ?? null;
  }

  keep(): Rows {
    return new Map(this.#tables.map((table) => [table.name, readRows(table)]));
  }

  /** Writes only what differs. */
  putBack(rows: Rows): void {
    const changed = this.#tables.filter((table) => !isSame(readRows(table), rows.get(table.name) ?? []));
    this.#database.exec('begin immediate');
    for (const { name, clear, put } of changed) {
      clear.run();
      for (const row of rows.get(name) ?? []) put.run(...row);
    }
    for (const statement of this.#forgotten) statement.run();
    this.#database.exec('commit');
  }

  close(): void {
    this.#database.close();
  }
}

type Values = readonly (readonly (string | number | null)[])[];

function readRows({ read }: Table): Values {
  return read.all() as unknown as Values;
}

function isSame(some: Values, others: Values): boolean {
  return (
    some.length === others.length &&
    some.every((row, n) => row.every((value, column) => value === others[n]?.[column]))
  );
}

export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
