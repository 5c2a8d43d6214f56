import { open } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { readJsonFile } from './json-file.ts';
import { BadFile } from './newcomer.ts';

/** A table's rows, each with where it stands. Columns in camel case, as the library names them. */
export type Table = readonly { readonly place: string; readonly row: Readonly<Record<string, unknown>> }[];

export interface Tables {
  readonly user: Table;
  readonly account: Table;
  readonly twoFactor: Table;
}

/** As dumps and adapters name them. */
const NAMES: Readonly<Record<keyof Tables, readonly string[]>> = {
  user: ['user', 'users'],
  account: ['account', 'accounts'],
  twoFactor: ['twoFactor', 'two_factor', 'twoFactors', 'two_factors'],
};

/** An object of arrays in JSON, or the SQLite file itself. @throws {BadFile} */
export async function readTables(path: string): Promise<Tables> {
  const find = (await isSqlite(path)) ? openSqlite(path) : arraysOf(await readJsonFile(path));
  const table = (name: keyof Tables): Table => {
    const found = NAMES[name].map((one) => [one, find(one)] as const).find(([, rows]) => rows !== null);
    return (found?.[1] ?? []).map((row, index) => ({
      place: `${found?.[0]}[${index}]`,
      row: Object.fromEntries(Object.entries(row as object).map(([key, value]) => [camel(key), value])),
    }));
  };
  const tables = { user: table('user'), account: table('account'), twoFactor: table('twoFactor') };
  if (tables.user.length === 0) throw new BadFile('There is no table “user” in the file, or it is empty.');
  return tables;
}

type Find = (name: string) => readonly unknown[] | null;

function arraysOf(file: unknown): Find {
  return (name) => {
    const rows = (file as Record<string, unknown> | null)?.[name];
    return Array.isArray(rows) ? rows.filter((row) => typeof row === 'object' && row !== null) : null;
  };
}

function openSqlite(path: string): Find {
  return (name) => {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const known = database
        .prepare("select 1 from sqlite_master where type = 'table' and name = ?")
        .get(name);
      if (!known) return null;
      const statement = database.prepare(`select * from "${name}"`);
      statement.setReadBigInts(true);
      return statement.all().map(exactly);
    } catch (error) {
      throw new BadFile(`SQLite can’t read the file: ${(error as Error).message}.`);
    } finally {
      database.close();
    }
  };
}

/** Numbers that are longer than a number of JavaScript is exact: as text. */
function exactly(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const shorten = (value: unknown) => {
    if (typeof value !== 'bigint') return value;
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  };
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, shorten(value)]));
}

async function isSqlite(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read({ buffer: Buffer.alloc(16), position: 0 });
    return buffer.toString('latin1').startsWith('SQLite format 3');
  } finally {
    await file.close();
  }
}

/** `email_verified` -> `emailVerified` */
const camel = (name: string): string =>
  name.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
