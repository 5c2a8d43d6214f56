import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, inject, test } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { createDatabase } from '../kit/postgres.ts';
import { dataFolder } from './doctor-kit.ts';
import { operate } from './operator.ts';

describe('doctor and what stands around the database', () => {
  const data = dataFolder();
  const { doctor, start } = data;

  test('before the first start: says so, and makes nothing', async () => {
    const { sick } = await doctor();
    expect(Object.keys(sick)).toEqual(['data_directory', 'key_ring', 'database']);
    expect(sick.database).toContain('the first start makes it');
    expect(sick['key_ring']).toContain('does not exist yet; the first start makes it');
    const named = (await doctor({ KEYS_FILE: join(data.path, 'ring.json') })).sick;
    expect(named['key_ring']).toMatch(/ring\.json does not exist yet; make it first .*docs\/keys\.md/);
    // A database may be there, or not: nobody is told to put back what they never had.
    const far = (await doctor({ DATABASE_URL: 'postgres://localhost:1/none' })).sick;
    expect(far['key_ring']).toMatch(/put back the key ring .* Of a new one, the first start makes it/);
    expect(existsSync(data.path)).toBe(false);
  });

  test('migrate prints what it applied, once', async () => {
    const { lines } = await start();
    expect(lines.map((line) => /^applied (\d{4})-/.exec(line)?.[1])).toEqual(
      lines.map((_line, index) => String(index + 1).padStart(4, '0')),
    );
    expect(lines.length).toBeGreaterThan(1);
    expect((await start()).lines).toEqual(['The database is up to date.']);
    const again = await operate({ DATA_DIR: data.path }, ['migrate', '--json']);
    expect(again.json()).toEqual({ applied: [] });
    expect((await doctor()).sick).toEqual({});
  });

  test('a wrong variable is a line of the report', async () => {
    const { sick, checks } = await doctor({ SESSION_IDLE: 'soon' });
    expect(checks).toHaveLength(1);
    expect(sick).toEqual({ configuration: expect.stringContaining('SESSION_IDLE takes a duration') });
  });

  test('a variable whose name was mistyped, and that nobody would look at', async () => {
    await start();
    const { sick } = await doctor({
      ...{
        SMPT_URL: 'smtp://user:geheim@mail',
        TRUSTED_PROXIE: '10.0.0.5',
        data_dirs: '/x',
        SUPPORT_EMAIL_FILE: '/x',
      },
    });
    expect(sick).toEqual({
      variables:
        'SMPT_URL is ignored: is SMTP_URL meant?; TRUSTED_PROXIE is ignored: is TRUSTED_PROXIES meant?; ' +
        'data_dirs is ignored: is DATA_DIR meant?; SUPPORT_EMAIL_FILE is ignored: SUPPORT_EMAIL is not read from a file',
    });
    // What machines have set already, and other programs' names.
    const others = {
      PATH: '/bin',
      HOSTNAME: 'a',
      HOSTS: 'b',
      CMS_URL: 'c',
      XDG_DATA_DIRS: '/x',
      KEY: 'd',
      SESSION_ID: 'e',
    };
    expect((await doctor({ ...others, OTEL_SERVICE_NAMES: 'x', LOG_LEVEL: 'warn' })).sick).toEqual({});
  });

  test('a folder or a key ring that others may read', async () => {
    await start();
    chmodSync(data.path, 0o755);
    chmodSync(join(data.path, 'countersign.db'), 0o644);
    chmodSync(join(data.path, 'keys.json'), 0o640);
    expect((await doctor()).sick).toEqual({
      data_directory: expect.stringMatching(/mode 755.*chmod 700/),
      key_ring: expect.stringMatching(/mode 640.*chmod 600/),
    });
  });

  test('a folder that mkdir made before the first start: what comes into it is closed', async () => {
    mkdirSync(data.path, { mode: 0o755 });
    await start();
    expect(statSync(join(data.path, 'countersign.db')).mode & 0o777).toBe(0o600);
    expect((await doctor()).sick).toEqual({});
    chmodSync(data.path, 0o777);
    expect((await doctor()).sick).toEqual({ data_directory: expect.stringMatching(/mode 777.*chmod 700/) });
  });

  test('another database’s key ring', async () => {
    await start();
    const ring = {
      active: 'k1',
      keys: { k1: Buffer.from('0123456789abcdefghijklmnopqrstuv').toString('base64') },
    };
    writeFileSync(join(data.path, 'keys.json'), JSON.stringify(ring));
    expect((await doctor()).sick).toEqual({ keys_of_database: 'the key ring belongs to another database' });
  });

  test('another program’s database, and one that needs migrating', async () => {
    await start();
    const path = join(data.path, 'other.db');
    const other = openDatabase(`sqlite:${path}`);
    await sql`create table invoice (id integer)`.execute(other.db);
    await other.close();
    const before = readFileSync(path);
    expect((await doctor({ DATABASE_URL: `sqlite:${path}` })).sick).toEqual({
      database: expect.stringContaining('tables of another program (invoice'),
    });
    expect(readFileSync(path).equals(before)).toBe(true);

    const empty = join(data.path, 'empty.db');
    await openDatabase(`sqlite:${empty}`).close();
    const { sick } = await doctor({ DATABASE_URL: `sqlite:${empty}` });
    expect(sick).toEqual({ schema: expect.stringContaining('not applied yet: run `migrate`') });
  });

  test('a database server that is away', async () => {
    await start();
    const { sick } = await doctor({ DATABASE_URL: 'postgres://u:geheim@127.0.0.1:1/x' });
    expect(sick).toEqual({ database: 'DATABASE_URL names a database that does not answer' });
  });

  test('R9: a clock that is more than two seconds off the database’s', async () => {
    const { url, drop } = await createDatabase(inject('postgresUrl'));
    const database = openDatabase(url);
    await sql`create schema late`.execute(database.db);
    await sql`create function late.clock_timestamp() returns timestamptz language sql
      as $$ select pg_catalog.clock_timestamp() + interval '3 seconds' $$`.execute(database.db);
    await database.close();
    const env = { DATABASE_URL: `${url}?options=${encodeURIComponent('-c search_path=late,pg_catalog')}` };
    await operate({ DATA_DIR: data.path, ...env }, ['migrate']);
    expect((await doctor(env)).sick).toMatchObject({
      clock: expect.stringMatching(/^this machine is [23]\.\d s behind the database: set the clocks by NTP/),
    });
    await drop();
  });

  test('R3: what a password costs here, and a cost that nobody would wait for', async () => {
    await start();
    const hash = async (env: Record<string, string>) =>
      (await doctor(env)).checks.find(({ name }) => name === 'password_hash');
    expect((await hash({ ARGON2: 'm=64,t=1,p=1' }))?.message).toMatch(
      /^m=64,t=1,p=1 takes \d+ ms; about \d+ sign-ins/,
    );
    const slow = await hash({ ARGON2: 'm=262144,t=16,p=1' });
    expect(slow).toMatchObject({ ok: false, message: expect.stringContaining('Lower ARGON2') });
  });
});
