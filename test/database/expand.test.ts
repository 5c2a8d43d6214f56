import { sql } from 'kysely';
import { describe, expect, inject, test } from 'vitest';
import { makeSchema, pendingMigrations } from '../../src/database/migrate.ts';
import { type Database, openDatabase } from '../../src/database/open.ts';
import { ENGINES, type EngineName } from '../kit/house.ts';
import { createDatabase } from '../kit/postgres.ts';

interface Column {
  readonly type: string;
  /** Whoever inserts a row must name it. */
  readonly demanded: boolean;
  readonly nullable: boolean;
}

/** By table and by column. */
type Shape = Map<string, Map<string, Column>>;

const QUERIES = {
  sqlite: `select m.name as "table", c.name as "column", c.type as type, c."notnull" = 0 and c.pk = 0 as nullable,
      c.dflt_value is not null or (c.pk > 0 and c.type like 'int%') as filled
    from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite_%'`,
  postgres: `select table_name as "table", column_name as "column", data_type as type, is_nullable = 'YES' as nullable,
      column_default is not null or is_identity = 'YES' as filled
    from information_schema.columns where table_schema = current_schema()`,
};

async function shapeOf({ db, engine }: Database): Promise<Shape> {
  type Row = { table: string; column: string; type: string; nullable: unknown; filled: unknown };
  const { rows } = await sql.raw<Row>(QUERIES[engine]).execute(db);
  const shape: Shape = new Map();
  for (const { table, column, type, nullable, filled } of rows) {
    const columns = shape.get(table) ?? new Map();
    columns.set(column, { type, nullable: Boolean(nullable), demanded: !nullable && !filled });
    shape.set(table, columns);
  }
  return shape;
}

/** What the version before would trip over while it runs on the newer tables. */
function trips(before: Shape, after: Shape): string[] {
  return [...before].flatMap(([table, columns]) => {
    const now = after.get(table);
    if (!now) return [`${table} is gone`];
    const changed = [...columns].flatMap(([name, was]) => {
      const is = now.get(name);
      if (!is) return [`${table}.${name} is gone`];
      if (is.type !== was.type) return [`${table}.${name} was ${was.type} and is ${is.type}`];
      return was.nullable && !is.nullable ? [`${table}.${name} may no longer be empty`] : [];
    });
    const added = [...now].flatMap(([name, { demanded }]) =>
      demanded && !columns.has(name) ? [`${table}.${name} is demanded of whoever does not know it`] : [],
    );
    return [...changed, ...added];
  });
}

async function withDatabase<T>(engine: EngineName, work: (database: Database) => Promise<T>): Promise<T> {
  const made = engine === 'postgres' ? await createDatabase(inject('postgresUrl')) : null;
  const database = openDatabase(made?.url ?? 'sqlite::memory:');
  try {
    return await work(database);
  } finally {
    await database.close();
    await made?.drop();
  }
}

describe.each(ENGINES)('R84: the version before runs on newer tables, on %s', (engine) => {
  const shapeAfter = (ids: readonly string[]) =>
    withDatabase(engine, async (database) => {
      await database.transaction((tx) => makeSchema(tx, database.engine, ids, 1));
      return shapeOf(database);
    });

  test('no migration takes away, renames or demands what the one before did not have', async () => {
    const ids = await withDatabase(engine, pendingMigrations);
    let before = await shapeAfter(ids.slice(0, 1));
    expect(before.size).toBeGreaterThan(5);
    for (let count = 2; count <= ids.length; count++) {
      const after = await shapeAfter(ids.slice(0, count));
      expect(trips(before, after), ids[count - 1]).toEqual([]);
      before = after;
    }
  });

  test('what would trip it is seen', async () => {
    const [first = ''] = await withDatabase(engine, pendingMigrations);
    const changed = (statement: string) =>
      withDatabase(engine, async (database) => {
        await database.transaction((tx) => makeSchema(tx, database.engine, [first], 1));
        const before = await shapeOf(database);
        await sql.raw(statement).execute(database.db);
        return trips(before, await shapeOf(database));
      });
    expect(await changed('alter table account rename column name to full_name')).toEqual([
      'account.name is gone',
      'account.full_name is demanded of whoever does not know it',
    ]);
    expect(await changed('alter table account add column seen_at bigint')).toEqual([]);
    expect(await changed("alter table account add column kind text not null default 'person'")).toEqual([]);
    expect(await changed('alter table session rename to visit')).toEqual(['session is gone']);
  });
});
