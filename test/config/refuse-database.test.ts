import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { systemRandom } from '../../src/kit/random.ts';
import { operate } from '../cli/operator.ts';
import { ENGINES, type EngineName } from '../kit/house.ts';
import { createDatabase } from '../kit/postgres.ts';
import { freePort } from '../kit/server-process.ts';
import { refusalOf } from './start-process.ts';

vi.setConfig({ testTimeout: 60_000 });

const ringOf = (bytes: Buffer) => JSON.stringify({ active: 'k1', keys: { k1: bytes.toString('base64') } });

describe.each(ENGINES)(
  'what is not ours refuses to start and stays as it is, on %s',
  (engine: EngineName) => {
    let folder: string;
    let data: string;
    let url: string;
    let drop = async () => {};
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'countersign-foreign-'));
      data = join(folder, 'data');
      url = `sqlite:${join(data, 'countersign.db')}`;
      if (engine === 'postgres') ({ url, drop } = await createDatabase(inject('postgresUrl')));
    });
    afterEach(async () => {
      await drop();
      rmSync(folder, { recursive: true });
    });
    const env = (more: Record<string, string> = {}) => ({ DATA_DIR: data, DATABASE_URL: url, ...more });
    const keysFile = () => join(data, 'keys.json');

    /** A database with an account in it, and its keys. */
    async function inhabit(): Promise<void> {
      const done = await operate(env(), ['account', 'create', '--email', 'ann@example.org', '--name', 'Ann']);
      expect(done.code).toBe(0);
    }

    /** Everything that is there: on SQLite byte by byte, on PostgreSQL row by row, and every file beside it. */
    async function everything(): Promise<unknown> {
      const files = Object.fromEntries(
        (existsSync(data) ? readdirSync(data) : [])
          .sort()
          .map((name) => [name, digest(readFileSync(join(data, name)))]),
      );
      return engine === 'sqlite' ? files : { files, rows: await rowsOf(url) };
    }

    async function refuses(more: Record<string, string> = {}): Promise<string> {
      const before = await everything();
      const line = await refusalOf({ ...env(more), PORT: String(await freePort()) });
      const { code, stdout, stderr } = await operate(env(more), ['account', 'list']);
      expect([code, stdout]).toEqual([1, '']);
      // The operator's commands refuse for the same reason.
      expect(line).toBe(`Countersign does not start: ${stderr.replace(/^countersign: /, '').trimEnd()}`);
      expect(await everything()).toEqual(before);
      return line;
    }

    test('another key ring, from the file and from KEYS', async () => {
      await inhabit();
      const other = ringOf(systemRandom.bytes(32));
      const says = 'KEYS or KEYS_FILE holds the key ring of another database: nothing was changed';
      expect(await refuses({ KEYS: other })).toContain(says);
      copyFileSync(keysFile(), join(folder, 'kept'));
      writeFileSync(keysFile(), other);
      expect(await refuses()).toContain(says);
      copyFileSync(join(folder, 'kept'), keysFile());
      expect((await operate(env(), ['account', 'list'])).code).toBe(0);
    });

    test('keys that are missing: none are made for a database that has people in it', async () => {
      await inhabit();
      rmSync(keysFile());
      expect(await refuses()).toContain(`KEYS_FILE names ${keysFile()}, which is not there`);
      expect(existsSync(keysFile())).toBe(false);
    });

    test('another program’s tables: they stay alone, and no keys are made for them', async () => {
      await makeForeign(engine, url, data);
      const line = await refuses();
      expect(line).toContain(
        'this database holds tables of another program (invoice…): name an empty one in DATABASE_URL',
      );
      expect(existsSync(keysFile())).toBe(false);
    });

    test('a schema from the future', async () => {
      await inhabit();
      const database = openDatabase(url);
      await database.transaction((tx) =>
        tx.insertInto('meta').values({ key: 'migration/0999-later', value: '1' }).execute(),
      );
      await database.close();
      expect(await refuses()).toContain('this database was brought to 0999-later by a newer Countersign');
    });
  },
);

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function makeForeign(engine: EngineName, url: string, data: string): Promise<void> {
  if (engine === 'postgres') {
    const database = openDatabase(url);
    await sql`create table invoice (id integer)`.execute(database.db);
    await database.close();
    return;
  }
  // Not by our own hand: how others write their files is up to them.
  mkdirSync(data);
  const file = new DatabaseSync(url.slice('sqlite:'.length));
  file.exec('create table invoice (id integer); insert into invoice values (7)');
  file.close();
}

async function rowsOf(url: string): Promise<Record<string, unknown>> {
  const { db, close } = openDatabase(url);
  const { rows } = await sql<{
    name: string;
  }>`select tablename as name from pg_tables where schemaname = 'public'`.execute(db);
  const all: Record<string, unknown> = {};
  for (const { name } of rows) {
    all[name] = (await sql.raw(`select * from "${name}" as t order by t::text`).execute(db)).rows;
  }
  await close();
  return all;
}
