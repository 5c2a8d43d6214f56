import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { receive } from '../../src/builds/files/incoming.ts';
import { openBuildFiles } from '../../src/builds/files/open.ts';
import { deleteBuild } from '../../src/builds/publish-build.ts';
import { uploadBuild } from '../../src/builds/upload-build.ts';
import { DatabaseAway } from '../../src/database/database-away.ts';
import type { Database } from '../../src/database/open.ts';
import { pause } from '../../src/kit/pause.ts';
import { zipOf } from '../kit/archive.ts';
import { HOUR } from '../kit/attack-kit.ts';
import { textOf } from '../kit/browser.ts';
import { MULTIPART, multipart, sample, sendBuild } from '../kit/builds.ts';
import { makeFolder } from '../kit/room.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { sharedStore } from '../kit/shared-store.ts';
import { OPERATOR } from '../kit/store-people.ts';

const house = sharedHouse();
const store = sharedStore(house);

const db = () => house.app.database.db;

describe('A60: uploads', () => {
  test('R78: many that come in at once fill no more of the disk than one after another', async () => {
    const folder = makeFolder('incoming');
    const full = new Error('full');
    const watch = {
      most: 1_000,
      together: 1_500,
      onTooMuch: () => {
        throw new Error('too large');
      },
      onFull: () => {
        throw full;
      },
      onHead: () => {},
      onProgress: () => {},
    };
    const [first, second] = [new PassThrough(), new PassThrough()];
    const arriving = [receive(folder, 'first', first, watch), receive(folder, 'second', second, watch)];
    const refused = expect(arriving[1]).rejects.toBe(full);
    first.write(Buffer.alloc(900));
    await expect.poll(() => readdirSync(folder)).toEqual(['first', 'second']);
    await pause(50);
    second.write(Buffer.alloc(900));
    await refused;
    expect(readdirSync(folder)).toEqual(['first']);
    // What was refused takes up no room any more.
    first.end(Buffer.alloc(100));
    expect((await arriving[0])?.size).toBe(1_000);
    const third = new PassThrough();
    third.end(Buffer.alloc(1_000));
    expect((await receive(folder, 'third', third, watch)).size).toBe(1_000);
  });

  test('R78: a build that came to be keeps its file, also where the database went away before it could say so', async () => {
    const { deps } = house.app;
    const files = openBuildFiles(deps.config);
    const transaction: Database['transaction'] = async (work, options) => {
      await deps.database.transaction(work, options);
      throw new DatabaseAway(new Error('the connection was lost after COMMIT'));
    };
    const lossy = { ...deps, files, database: { ...deps.database, transaction } };
    const operator = { ...OPERATOR(house), account: null, sessionId: null };
    const { name: fileName, bytes } = sample('zip');
    const asked = { version: '7.7', notes: '', platform: null, fileName };
    await expect(
      uploadBuild(lossy, operator, 'notes', asked, { stream: Readable.from([bytes]) }),
    ).rejects.toThrow(DatabaseAway);
    const { id } = await db()
      .selectFrom('build')
      .select('id')
      .where('version', '=', '7.7')
      .executeTakeFirstOrThrow();
    const kept = await files.read(id, { start: 0, end: bytes.length - 1 });
    expect(Buffer.concat(await kept.toArray())).toEqual(bytes);
    await deleteBuild({ ...deps, files }, operator, 'notes', id);
  });

  test('R78: over quota: one file, all of them together, their number', async () => {
    const set = async (key: string, value: string | null) => {
      await db().deleteFrom('policy_value').where('key', '=', key).execute();
      if (value) await db().insertInto('policy_value').values({ key, value }).execute();
    };
    const big = { name: 'big.zip', bytes: zipOf([{ name: 'a', content: Buffer.alloc(1024 * 1024) }]) };
    await set('build_size_mib', '1');
    await store.refused(big, 'larger than what can be uploaded');
    await set('build_size_mib', null);
    await set('builds_per_app', '1');
    const one = await sendBuild(store.browser, 'notes', sample('zip'), { version: '9' });
    expect([one.status, textOf(one.body)]).toEqual([
      409,
      expect.stringContaining('reached its limit of builds'),
    ]);
    await set('builds_per_app', null);
    await set('builds_total_gib', '1');
    await db()
      .updateTable('build')
      .set({ size: 1024 ** 3 - 1000 })
      .execute();
    const full = await sendBuild(store.browser, 'notes', big, { version: '9' });
    expect([full.status, textOf(full.body)]).toEqual([409, expect.stringContaining('There is no room left')]);
    await db().updateTable('build').set({ size: store.original.bytes.length }).execute();
    await set('builds_total_gib', null);
    expect(store.leftovers()).toEqual([]);
    expect(store.files()).toHaveLength(await store.countRows());
  });

  test('a form that is none, is cut off, or has a field twice or too many', async () => {
    const send = (body: Buffer, type = MULTIPART) =>
      store.browser.send('POST', '/store/manage/notes/upload', body, { 'content-type': type });
    const whole = multipart({ version: '9' }, sample('apk'));
    expect((await send(whole, 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await send(whole, 'multipart/form-data')).status).toBe(400);
    expect((await send(whole.subarray(0, whole.length - 40))).status).toBe(400);
    expect((await send(whole.subarray(0, 30))).status).toBe(400);
    expect((await send(Buffer.alloc(0))).status).toBe(400);
    const twice = Buffer.concat([
      multipart({ version: '8' }, null).subarray(0, -'--x-boundary-of-the-tests-x--\r\n'.length),
      whole,
    ]);
    expect((await send(twice)).status).toBe(400);
    for (const fields of [
      { role: 'admin' },
      { downloads: '9' },
      { __proto__x: '1' },
      { platform: 'toaster' },
    ])
      expect(
        (await send(multipart({ version: '9', ...fields }, sample('apk')))).status,
        JSON.stringify(fields),
      ).toBe(400);
    expect(await store.countRows()).toBe(1);
    expect(store.leftovers()).toEqual([]);
  });

  test('what a crash left behind is taken away, and nothing else', async () => {
    const { writeFileSync, utimesSync } = await import('node:fs');
    const { sweepBuilds } = await import('../../src/builds/sweep-builds.ts');
    const { openBuildFiles } = await import('../../src/builds/files/open.ts');
    const { deps } = house.app;
    const folder = join(deps.config.dataDir, 'builds');
    const seconds = (ago: number) => (deps.clock.now() - ago) / 1000;
    const leave = (path: string, ago: number) => {
      writeFileSync(path, 'x');
      utimesSync(path, seconds(ago), seconds(ago));
    };
    const [old, young] = ['a'.repeat(32), 'b'.repeat(32)];
    leave(join(folder, old), 7 * HOUR);
    leave(join(folder, young), HOUR);
    leave(join(store.incoming(), old), 7 * HOUR);
    leave(join(store.incoming(), young), HOUR);
    for (const { id } of await db().selectFrom('build').select('id').execute())
      utimesSync(join(folder, id), seconds(7 * HOUR), seconds(7 * HOUR));
    await sweepBuilds({ ...deps, files: openBuildFiles(deps.config) });
    expect(store.files()).toHaveLength(2);
    expect(store.files()).toContain(young);
    expect(store.leftovers()).toEqual([young]);
    expect((await store.browser.get(store.download)).bytes.equals(store.original.bytes)).toBe(true);
  });
});
