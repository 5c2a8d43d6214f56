import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { record } from '../../src/audit/record.ts';
import { verifyAudit } from '../../src/audit/verify.ts';
import { writeEncrypted } from '../../src/backup/backup-file.ts';
import { lineOf } from '../../src/backup/format.ts';
import { KEPT_TABLES } from '../../src/database/backup-tables.ts';
import { loadDatabase } from '../../src/database/load.ts';
import { pendingMigrations } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open.ts';
import { newId, systemRandom } from '../../src/kit/random.ts';
import { ENGINES, type House } from '../kit/house.ts';
import { addPerson, addProtectedPerson } from '../kit/people.ts';
import { appWithBuild, publisher } from '../kit/store-people.ts';
import { emptyTarget, openSource, type Target } from './backup-kit.ts';

describe.each(ENGINES)('a backup file, on %s', (engine) => {
  let source: Awaited<ReturnType<typeof openSource>>;
  let house: House;
  let folder: string;
  let file: string;
  const targets: Target[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-backup-'));
    file = join(folder, 'house.backup');
    source = await openSource(engine);
    house = source.house;
    await addProtectedPerson(house);
    expect((await source.run('backup', file)).stdout).toContain(`${file}: 1 account, `);
  });
  afterAll(async () => {
    await house.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(async () => {
    for (const target of targets.splice(0)) await target.remove();
  });

  async function target(keys?: string): Promise<Target> {
    const made = await emptyTarget(engine, source.env, keys);
    targets.push(made);
    return made;
  }

  /** Refused by that name, and nothing is there afterwards. */
  async function refuses(path: string, code: string, at?: Target): Promise<string> {
    const where = at ?? (await target());
    const done = await where.run('restore', path, '--json');
    expect([done.code, JSON.parse(done.stderr).code]).toEqual([1, code]);
    if (!at) {
      expect(readdirSync(where.env['DATA_DIR'] as string)).toEqual([]);
      const database = openDatabase(where.env['DATABASE_URL'] as string);
      expect((await pendingMigrations(database)).length).toBeGreaterThan(5);
      await database.close();
    }
    return JSON.parse(done.stderr).message;
  }

  test('R82: cut off anywhere, or changed by one bit anywhere: refused, and nothing is changed', async () => {
    const whole = readFileSync(file);
    const copy = join(folder, 'copy.backup');
    const line = whole.indexOf(10) + 1;
    for (const length of [0, 10, line - 1, line, line + 5, Math.floor(whole.length / 2), whole.length - 1]) {
      writeFileSync(copy, whole);
      truncateSync(copy, length);
      await refuses(copy, 'backup_broken');
    }
    for (const place of [line + 1, line + 70_000, Math.floor(whole.length / 2), whole.length - 1]) {
      if (place >= whole.length) continue;
      const flipped = Buffer.from(whole);
      flipped[place]! ^= 4;
      writeFileSync(copy, flipped);
      expect(await refuses(copy, 'backup_broken')).toContain('cut off or was altered');
    }
    writeFileSync(copy, Buffer.concat([whole, Buffer.from('more')]));
    await refuses(copy, 'backup_broken');
    // The line that everybody can read is part of it.
    writeFileSync(
      copy,
      Buffer.concat([
        Buffer.from(whole.toString('latin1', 0, line).replace('"salt":"', '"salt": "')),
        whole.subarray(line),
      ]),
    );
    await refuses(copy, 'backup_broken');
    writeFileSync(copy, 'something else entirely\n');
    await refuses(copy, 'backup_broken');
    await refuses(join(folder, 'nowhere'), 'bad_file');
    await refuses(folder, 'bad_file');
  });

  test('R82: a key ring without its key, or with another key of that name', async () => {
    const key = () => systemRandom.bytes(32).toString('base64');
    const without = JSON.stringify({ active: 'other', keys: { other: key() } });
    expect(await refuses(file, 'backup_key', await target(without))).toContain('no key "test"');
    const foreign = JSON.stringify({ active: 'test', keys: { test: key() } });
    await refuses(file, 'backup_broken', await target(foreign));
  });

  test('R80/R82: one that was made before a rotation is restored with the ring of today', async () => {
    const ring = JSON.parse(source.env['KEYS'] as string) as { keys: Record<string, string> };
    const keys = { ...ring.keys, newer: systemRandom.bytes(32).toString('base64') };
    const there = await target(JSON.stringify({ active: 'newer', keys }));
    expect((await there.run('restore', file)).code).toBe(0);
    expect((await there.run('audit', 'verify')).code).toBe(0);
  });

  test('R82: a newer schema, and what has the key but is no backup of ours', async () => {
    const { deps } = house.app;
    const write = async (name: string, ...lines: Buffer[]) => {
      const path = join(folder, name);
      await writeEncrypted(
        deps,
        path,
        true,
        (async function* () {
          yield Buffer.concat(lines);
        })(),
      );
      return path;
    };
    const head = (schema: string[]) => lineOf({ head: { schema, made_at: 1, engine } });
    const end = lineOf({ end: { rows: 0, files: 0 } });
    expect(
      await refuses(await write('a', head(['0001-start', '9999-later']), end), 'backup_newer'),
    ).toContain('9999-later');
    await refuses(await write('b', head(['0001-start'])), 'backup_broken');
    await refuses(await write('c', end), 'backup_broken');
    await refuses(
      await write('d', head(['0001-start']), lineOf({ table: 'session', columns: ['id'] }), end),
      'backup_broken',
    );
    await refuses(await write('e', head(['0001-start']), Buffer.from('{"table":'), end), 'backup_broken');
    await refuses(
      await write('f', head(['0001-start']), lineOf({ file: 'a'.repeat(32), size: 900 }), end),
      'backup_broken',
    );
  });

  test('R82: --replaces is for an empty database: else refused, and it is as it was', async () => {
    const there = await target();
    expect((await there.run('restore', file)).code).toBe(0);
    const run = await there.open(source.clock);
    await addPerson(run, { email: 'new@example.org' });
    const old = source.env['DATABASE_URL'] as string;
    const done = await there.run('restore', file, '--json', '--replaces', old);
    expect([done.code, JSON.parse(done.stderr).code]).toEqual([1, 'database_not_empty']);
    expect((await there.run('account', 'show', 'new@example.org')).code).toBe(0);
  });

  test('R82: a file that is there is not written over, unless that is said', async () => {
    const kept = join(folder, 'kept');
    writeFileSync(kept, 'mine');
    const refused = await source.run('backup', kept, '--json');
    expect([refused.code, JSON.parse(refused.stderr).code]).toEqual([1, 'file_exists']);
    expect(readFileSync(kept, 'utf8')).toBe('mine');
    expect((await source.run('backup', kept, '--overwrite')).code).toBe(0);
    expect(readFileSync(kept).length).toBeGreaterThan(1_000);
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    const nowhere = await source.run('backup', join(folder, 'no', 'such', 'folder'), '--json');
    expect([nowhere.code, JSON.parse(nowhere.stderr).code]).toEqual([1, 'bad_file']);
    expect(nowhere.stderr).toContain(`There is no folder ${join(folder, 'no', 'such')}: make it first.`);
    const within = await source.run('backup', folder, '--overwrite');
    expect([within.code, within.stderr]).toEqual([
      1,
      `countersign: ${folder} is a folder: name a file in it.\n`,
    ]);
    expect((await source.run('backup', join(kept, 'house.backup'))).stderr).toContain(
      `${kept} is not a folder`,
    );
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('R82: builds come along, byte for byte, unless they are left out', async () => {
    const boss = await publisher(house);
    await appWithBuild(boss.browser, 'notes');
    const path = join(folder, 'with-builds');
    const made = await source.run('backup', path);
    expect(made.stdout).toContain('1 file of builds, ');
    const there = await target();
    expect((await there.run('restore', path, '--json')).json()).toMatchObject({ files: 1 });
    const [build] = await house.app.database.db.selectFrom('build').select('id').execute();
    const at = (dataDir: string) => readFileSync(join(dataDir, 'builds', build?.id as string));
    expect(at(there.env['DATA_DIR'] as string).equals(at(house.app.deps.config.dataDir))).toBe(true);
    const small = await source.run('backup', join(folder, 'without'), '--without-builds');
    expect(small.stdout).toContain('0 files of builds');
    // One that has gone is named, and the rest is backed up.
    rmSync(join(house.app.deps.config.dataDir, 'builds', build?.id as string));
    const partial = await source.run('backup', join(folder, 'partial'));
    expect([partial.code, partial.stderr]).toEqual([
      0,
      expect.stringContaining(`build ${build?.id} is missing`),
    ]);
  });

  test('R82: thousands of rows, while others write: one moment, whole, and the chain holds', {
    timeout: 90_000,
  }, async () => {
    const { database, clock, random } = house.app.deps;
    const place = () => ({ now: clock.now(), network: '', browser: '', requestId: '' });
    // Always two of a kind, in one transaction; and a record of it.
    const pair = async (count: number) =>
      database.transaction(async (tx) => {
        for (let index = 0; index < count; index++) {
          const id = newId(random);
          for (const half of ['a', 'b'])
            await tx
              .insertInto('throttle')
              .values({ key: `${half}/${id}`, count: 1, open: 0, window_at: 1, blocked_until_at: null })
              .execute();
          await record(tx, place(), { event: 'sign_out', subject: { pseudonym: id } });
        }
      });
    for (let round = 0; round < 10; round++) await pair(200);
    let busy = true;
    let written = 0;
    const writing = (async () => {
      while (busy) {
        await pair(3);
        written += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const path = join(folder, 'busy');
    const done = await source.run('backup', path);
    busy = false;
    await writing;
    expect(done.code).toBe(0);
    expect(written).toBeGreaterThan(1);
    const there = await target();
    expect((await there.run('restore', path)).code).toBe(0);
    const run = await there.open(source.clock);
    const rows = await run.app.database.db.selectFrom('throttle').select('key').execute();
    const halves = (half: string) =>
      rows.flatMap(({ key }) => (key.startsWith(`${half}/`) ? [key.slice(2)] : [])).sort();
    expect(halves('a')).toEqual(halves('b'));
    expect(halves('a').length).toBeGreaterThanOrEqual(2_000);
    expect(await verifyAudit(run.app.deps)).toMatchObject({ ok: true, problems: [] });
    // Numbers go on behind the last record.
    const { database: restored } = run.app.deps;
    await restored.transaction((tx) => record(tx, place(), { event: 'sign_out', subject: null }));
    expect(await verifyAudit(run.app.deps)).toMatchObject({ ok: true });
  });

  test('R84: a backup of an older schema is brought up to date', async () => {
    const there = await target();
    const url = there.env['DATABASE_URL'] as string;
    const schema = ['0001-start', '0002-every-factor', '0003-groups-and-apps'];
    let seen: string[] = [];
    await loadDatabase(
      url,
      { schema, now: 1, random: systemRandom },
      {
        async fill(load) {
          await load.insert(
            'account',
            ['id', 'pseudonym', 'email', 'name', 'roles', 'security_version', 'created_at'],
            [['a', 'p', 'zoe@example.org', 'Zoë Quist', '', 1, 1]],
          );
        },
        async finish(load) {
          seen = await load.run(async (tx) =>
            (await tx.selectFrom('account_word').select('word').execute()).map(({ word }) => word),
          );
        },
      },
    );
    expect(seen.sort()).toEqual(['quist', 'zoe']);
    const database = openDatabase(url);
    expect(await pendingMigrations(database)).toEqual([]);
    await database.close();
  });

  test('R82: a restore that fails on the way leaves nothing', async () => {
    const there = await target();
    const url = there.env['DATABASE_URL'] as string;
    const schema = ['0001-start'];
    const failing = loadDatabase(
      url,
      { schema, now: 1, random: systemRandom },
      {
        async fill(load) {
          await load.insert('meta', ['key', 'value'], [['a', 'b']]);
          throw new Error('the disk is full');
        },
        async finish() {},
      },
    );
    await expect(failing).rejects.toThrow('the disk is full');
    expect(readdirSync(there.env['DATA_DIR'] as string)).toEqual([]);
    const database = openDatabase(url);
    expect((await pendingMigrations(database)).length).toBeGreaterThan(5);
    await database.close();
  });
});

test('R82: rows may be put in in the order of the list: parents first', async () => {
  const source = await openSource('postgres');
  const { database } = source.house.app.deps;
  const { rows } = await sql<{ child: string; parent: string }>`
    select conrelid::regclass::text as child, confrelid::regclass::text as parent from pg_constraint
    where contype = 'f'`.execute(database.db);
  const order: readonly string[] = KEPT_TABLES;
  const wrong = rows.filter(
    ({ child, parent }) =>
      order.includes(child) && (!order.includes(parent) || order.indexOf(parent) > order.indexOf(child)),
  );
  expect(wrong).toEqual([]);
  await source.house.close();
});
