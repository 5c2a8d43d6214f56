import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_TABLES } from '../../src/database/backup-tables.ts';
import { loadDatabase, type Steps } from '../../src/database/load.ts';
import { openDatabase } from '../../src/database/open.ts';
import { withSnapshotOf } from '../../src/database/snapshot.ts';
import { systemRandom } from '../../src/kit/random.ts';
import { operate } from '../cli/operator.ts';
import { ENGINES } from '../kit/house.ts';
import { addPerson, addProtectedPerson } from '../kit/people.ts';
import { emptyTarget, openSource, type Target } from './backup-kit.ts';

describe.each(ENGINES)('R82: what is there is not replaced, on %s', (engine) => {
  let source: Awaited<ReturnType<typeof openSource>>;
  let folder: string;
  let file: string;
  const targets: Target[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-backup-'));
    file = join(folder, 'house.backup');
    source = await openSource(engine);
    await addProtectedPerson(source.house);
    expect((await source.run('backup', file)).code).toBe(0);
    await addPerson(source.house, { email: 'new@example.org' });
  });
  afterAll(async () => {
    await source.house.close();
    for (const target of targets) await target.remove();
    rmSync(folder, { recursive: true });
  });

  /** Everything that is in it. */
  async function contents(url: string): Promise<string[]> {
    return withSnapshotOf(url, async (snapshot) => {
      const rows: string[] = [];
      for (const table of ALL_TABLES) {
        const columns = await snapshot.columns(table);
        if (columns.length === 0) continue;
        for await (const some of snapshot.rows(table, columns))
          rows.push(...some.map((row) => `${table} ${JSON.stringify(row)}`));
      }
      return rows.sort();
    });
  }

  async function refuses(env: Readonly<Record<string, string>>, code: string, path = file): Promise<string> {
    const url = env['DATABASE_URL'] as string;
    const was = await contents(url);
    const done = await operate(env, ['restore', path, '--json']);
    expect([done.code, JSON.parse(done.stderr).code]).toEqual([1, code]);
    expect(await contents(url)).toEqual(was);
    expect(readdirSync(env['DATA_DIR'] as string).filter((name) => name.startsWith('replaced-'))).toEqual([]);
    return JSON.parse(done.stderr).message;
  }

  async function change(url: string, statement: string): Promise<void> {
    const database = openDatabase(url);
    await sql.raw(statement).execute(database.db);
    await database.close();
  }

  test('where the key ring is that of the backup and not that of the database', async () => {
    const ring = JSON.stringify({
      active: 'own',
      keys: { own: systemRandom.bytes(32).toString('base64') },
    });
    const foreign = await emptyTarget(engine, source.env, ring);
    targets.push(foreign);
    // A database of its own, made under the other ring.
    expect((await foreign.run('migrate')).code).toBe(0);
    const message = await refuses({ ...foreign.env, KEYS: source.env['KEYS'] as string }, 'configuration');
    expect(message).toContain('holds the key ring of another database');
  });

  test('where it is another program’s', async () => {
    const there = await emptyTarget(engine, source.env);
    targets.push(there);
    const url = there.env['DATABASE_URL'] as string;
    await change(url, 'create table account (id text)');
    await change(url, 'create table wordpress (id text)');
    await change(url, "insert into account values ('theirs')");
    const done = await there.run('restore', file, '--json');
    expect([done.code, JSON.parse(done.stderr).code]).toEqual([1, 'wrong_database']);
    const database = openDatabase(url);
    const { rows } = await sql`select id from account`.execute(database.db);
    expect(rows).toEqual([{ id: 'theirs' }]);
    await database.close();
  });

  test('where a newer Countersign has been at it', async () => {
    const there = await emptyTarget(engine, source.env);
    targets.push(there);
    expect((await there.run('migrate')).code).toBe(0);
    const url = there.env['DATABASE_URL'] as string;
    await change(url, "insert into meta (key, value) values ('migration/9999-later', '1')");
    expect(await refuses(there.env, 'wrong_database')).toContain('9999-later');
  });

  test('where the file is broken, or no backup of what is there can be kept', async () => {
    await refuses(source.env, 'bad_file', join(folder, 'nowhere'));
    await refuses(source.env, 'backup_broken', new URL(import.meta.url).pathname);
    const url = source.env['DATABASE_URL'] as string;
    const was = await contents(url);
    const done = await operate({ ...source.env, DATA_DIR: join(file, 'data') }, ['restore', file, '--json']);
    expect([done.code, JSON.parse(done.stderr).code]).toEqual([1, 'bad_file']);
    expect(await contents(url)).toEqual(was);
  });

  test.runIf(engine === 'postgres')('where a view of somebody else hangs on it', async () => {
    const url = source.env['DATABASE_URL'] as string;
    await change(url, 'create view report as select email from account');
    expect(await refuses(source.env, 'configuration')).toContain('depend on ours');
    await change(url, 'drop view report');
  });

  test('where it fails on the way, at any step', async () => {
    const url = source.env['DATABASE_URL'] as string;
    const was = await contents(url);
    const fail = async () => {
      throw new Error('the disk is full');
    };
    const nothing = async () => {};
    const fill: Steps['fill'] = (load) => load.insert('meta', ['key', 'value'], [['a', 'b']]);
    for (const steps of [
      { replace: fail, fill, finish: nothing },
      { replace: nothing, fill: fail, finish: nothing },
      { replace: nothing, fill, finish: fail },
    ]) {
      const failing = loadDatabase(url, { schema: ['0001-start'], now: 1, random: systemRandom }, steps);
      await expect(failing).rejects.toThrow('the disk is full');
      expect(await contents(url)).toEqual(was);
    }
    expect((await source.run('audit', 'verify')).code).toBe(0);
  });
});
