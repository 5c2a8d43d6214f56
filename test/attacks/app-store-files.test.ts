import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { receive } from '../../src/builds/files/incoming.ts';
import { openBuildFiles } from '../../src/builds/files/open.ts';
import { deleteBuild } from '../../src/builds/publish-build.ts';
import { uploadBuild } from '../../src/builds/upload-build.ts';
import { DatabaseAway } from '../../src/database/database-away.ts';
import type { Database } from '../../src/database/open.ts';
import { pause } from '../../src/kit/pause.ts';
import { tarOf, zipOf } from '../kit/archive.ts';
import { HOUR, somebody, somebodyProtected } from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import {
  infoPlist,
  MULTIPART,
  multipart,
  picture,
  type SampleFile,
  sample,
  sendBuild,
  sendIcon,
  twoHeaders,
} from '../kit/builds.ts';
import { enterPassword } from '../kit/people.ts';
import { makeFolder } from '../kit/room.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { appWithBuild, OPERATOR, publisher } from '../kit/store-people.ts';

// A60: what somebody uploads, and what somebody else is given of it.

const house = sharedHouse();
let browser: Browser;
let download: string;
let manage: string;
let original: SampleFile;

beforeAll(async () => {
  ({ browser } = await publisher(house));
  original = {
    name: 'notes.apk',
    bytes: zipOf([{ name: 'AndroidManifest.xml', content: 'x'.repeat(5000) }]),
  };
  ({ download, manage } = await appWithBuild(browser, 'notes', original));
  await browser.submit(`${manage}/publish`, { audience: 'everyone' });
});

/** As `git archive` begins. */
const COMMENT = { name: 'pax_global_header', type: 'g', content: '18 comment=abcdef\n' };

const db = () => house.app.database.db;
const incoming = () => join(house.app.deps.config.dataDir, 'builds', 'incoming');
const countRows = async () => (await db().selectFrom('build').select('id').execute()).length;
const files = () =>
  readdirSync(join(house.app.deps.config.dataDir, 'builds')).filter((name) => name !== 'incoming');
const leftovers = () => (existsSync(incoming()) ? readdirSync(incoming()) : []);

/** Refused with words beside the file, and nothing of it is left anywhere. */
async function refused(file: SampleFile, words: string, version = '9.9'): Promise<void> {
  const before = await countRows();
  const answer = await sendBuild(browser, 'notes', file, { version });
  expect(answer.status, `${file.name}: ${textOf(answer.body)}`).toBe(422);
  expect(textOf(answer.body)).toContain(words);
  expect(await countRows()).toBe(before);
  expect(files()).toHaveLength(before);
  expect(leftovers()).toEqual([]);
}

describe('A60: uploads', () => {
  test('R78: a name that is a path is refused, in whatever form', async () => {
    for (const name of ['../../etc/x.apk', '/etc/x.apk', '..\\x.apk', 'C:\\x.apk', '.x.apk'])
      await refused({ ...sample('apk'), name }, 'Rename the file');
    for (const name of ['x.svg', 'x.html', 'x.apk.html', 'x'])
      await refused({ name, bytes: Buffer.from('<script>') }, 'can’t be published here');
  });

  test('R78: a page or picture under another name is refused by its first bytes', async () => {
    const page = Buffer.from(`<!doctype html><script>alert(1)</script>${' '.repeat(9000)}`);
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    for (const name of ['x.apk', 'x.zip', 'x.dmg', 'x.exe', 'x.tar', 'x.AppImage'])
      for (const bytes of [page, svg]) await refused({ name, bytes }, 'isn’t what its name says');
    // An archive is read from its end: what stands before it could be a page.
    const polyglot = Buffer.concat([page, sample('zip').bytes]);
    await refused({ name: 'x.zip', bytes: polyglot }, 'isn’t what its name says');
    await refused({ ...sample('zip'), name: 'x.apk' }, 'isn’t what its name says');
    await refused({ ...sample('apk'), name: 'x.ipa' }, 'isn’t what its name says');
    await refused({ name: 'x.apk', bytes: Buffer.alloc(0) }, 'isn’t what its name says');
  });

  test('R78: bombs are refused by what they claim, before anything is unpacked', async () => {
    const manifest = { name: 'AndroidManifest.xml', content: 'x' };
    const huge = (claimedSize: number) => ({ name: 'a', content: 'x', claimedSize });
    const words = 'unpacks to more than is allowed';
    await refused({ name: 'x.apk', bytes: zipOf([manifest, huge(0xffff_fff0)]) }, words);
    await refused({ name: 'x.zip', bytes: zipOf([huge(65 * 1024 * 1024)]) }, words);
    const many = zipOf([]);
    const count = 200_000;
    many.writeUInt16LE(0xffff, 10);
    // ZIP64's own end record, with a number of files that the old one can't hold.
    const end64 = Buffer.alloc(56);
    end64.writeUInt32LE(0x06064b50, 0);
    end64.writeBigUInt64LE(44n, 4);
    end64.writeBigUInt64LE(BigInt(count), 24);
    end64.writeBigUInt64LE(BigInt(count), 32);
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50, 0);
    locator.writeBigUInt64LE(4n, 8);
    locator.writeUInt32LE(1, 16);
    const bytes = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), end64, locator, many]);
    await refused({ name: 'x.zip', bytes }, words);
  });

  test('R78: links, devices, and names that lead out of the folder are refused', async () => {
    const good = { name: 'a', content: 'x' };
    const words = 'holds links, or names that lead out';
    for (const bad of [
      { name: 'link', content: '/etc/passwd', mode: 0o120777 },
      { name: 'device', mode: 0o020666 },
      { name: '../evil' },
      { name: 'a/../../evil' },
      { name: '/etc/evil' },
      { name: '..\\evil' },
      { name: 'C:/evil' },
      good,
      { name: 'harmless', nameBefore: '/../evil' },
    ])
      await refused({ name: 'x.zip', bytes: zipOf([good, bad]) }, words);
    await refused({ name: 'x.zip', bytes: sample('zip').bytes.subarray(0, 60) }, 'can’t be read');
  });

  test('R78: a tar archive, packed or not, holds no links, devices or names that lead out either', async () => {
    const good = { name: 'a', content: 'x'.repeat(700) };
    const long = `${'d/'.repeat(80)}../`;
    const words = 'holds links, or names that lead out';
    const packed = [
      ['x.tar', (bytes: Buffer) => bytes],
      ['x.tar.gz', (bytes: Buffer) => gzipSync(bytes)],
      ['x.tar.zst', (bytes: Buffer) => zstdCompressSync(bytes)],
    ] as const;
    for (const [name, pack] of packed) {
      for (const bad of [
        [{ name: 'link', type: '2' }],
        [{ name: 'hard', type: '1' }],
        [{ name: 'device', type: '3' }],
        [{ name: '../evil', content: 'x' }],
        [{ name: 'a/../../evil' }],
        [{ name: '/etc/evil' }],
        [{ name: 'C:/evil' }],
        [{ name: '@', type: 'L', content: `${long}evil\0` }, { name: 'harmless' }],
        [{ name: 'pax', type: 'x', content: '19 path=../../evil\n' }, { name: 'harmless' }],
        // A comment that looks like a path of its own.
        [
          { name: 'pax', type: 'x', content: '19 path=../../evil\n23 comment=\n11 path=ok\n' },
          { name: 'harmless' },
        ],
      ])
        await refused({ name, bytes: pack(tarOf([good, ...bad])) }, words);
      // What does not begin with a header, or seems to have ended, is unpacked by some programs all the same.
      const behind = Buffer.concat([
        Buffer.alloc(512, 1),
        Buffer.alloc(2048),
        tarOf([{ name: 'l', type: '2' }]),
      ]);
      await refused({ name: 'x.tar.gz', bytes: gzipSync(behind) }, words);
      await refused({ name, bytes: pack(tarOf([{ name: 'a', size: 'nine' }])) }, 'can’t be read');
    }
    await refused({ name: 'x.tar.gz', bytes: gzipSync(tarOf([good])).subarray(0, 40) }, 'can’t be read');
    const bomb = tarOf([{ name: 'zeros', content: Buffer.alloc(70 * 1024 * 1024) }]);
    await refused({ name: 'x.tar.gz', bytes: gzipSync(bomb) }, 'unpacks to more than is allowed');
  });

  test('R78: nothing hides in a tar archive where programs that unpack read it otherwise', async () => {
    const good = { name: 'a', content: 'x'.repeat(700) };
    const link = tarOf([{ name: 'link', type: '2' }]).subarray(0, 512);
    const leadsOut = 'holds links, or names that lead out';
    const unreadable = 'can’t be read';
    for (const [bad, words] of [
      // GNU tar takes the sum of signed bytes too, others see no header there.
      [[{ name: 'é/../../evil', content: 'x', signedSum: true }], unreadable],
      // What libarchive skips nothing of, and GNU tar does.
      [[{ name: 'folder', type: '5', content: link }], unreadable],
      // The size that counts stands in the record before: what looks like the file is the next entry.
      [
        [
          { name: 'pax', type: 'x', content: '10 size=0\n' },
          { name: 'file', content: link },
        ],
        unreadable,
      ],
      [[{ name: 'pax', type: 'g', content: '19 path=../../evil\n' }, { name: 'harmless' }], unreadable],
      [
        [{ name: 'pax', type: 'x', content: '30 GNU.sparse.name=../../evil\n' }, { name: 'harmless' }],
        leadsOut,
      ],
      // Some read what stands behind a zero byte.
      [[{ name: 'file', content: 'x', size: '\x0000000002000' }], unreadable],
    ] as const)
      await refused({ name: 'x.tar', bytes: tarOf([good, ...bad]) }, words);
    const honest = { name: 'y.tar', bytes: tarOf([COMMENT, good, { name: 'folder/', type: '5' }]) };
    expect((await sendBuild(browser, 'notes', honest, { version: '8.8' })).status).toBe(303);
    const { id } = await db()
      .selectFrom('build')
      .select('id')
      .where('version', '=', '8.8')
      .executeTakeFirstOrThrow();
    await browser.submit(`${manage.replace(/[^/]+$/, id)}/delete`);
    const twoFrames = Buffer.concat([zstdCompressSync(tarOf([good])), zstdCompressSync(link)]);
    await refused({ name: 'x.tar.zst', bytes: twoFrames }, leadsOut);
    const many = Buffer.concat(Array.from({ length: 2_001 }, () => zstdCompressSync(Buffer.alloc(0))));
    await refused({ name: 'x.tar.zst', bytes: many }, 'unpacks to more than is allowed');
  });

  test('R78: an archive whose names alone would fill the memory is refused before they do', async () => {
    const names = Array.from({ length: 600 }, (_, n) => ({ name: `${n}-`.padEnd(60_000, 'x') }));
    await refused({ name: 'names.zip', bytes: zipOf(names) }, 'unpacks to more');
  });

  test('R78: a property list that never ends costs nothing but itself', async () => {
    // Each list holds the next one twice: a kilobyte that describes 2^60 things.
    const levels = 60;
    const objects = [Buffer.from([0x09])];
    for (let n = 1; n <= levels; n++) objects.push(Buffer.from([0xa2, n - 1, n - 1]));
    const offsets: number[] = [];
    let at = 8;
    for (const { length } of objects) {
      offsets.push(at);
      at += length;
    }
    const trailer = Buffer.alloc(32);
    trailer[6] = 2;
    trailer[7] = 1;
    trailer.writeBigUInt64BE(BigInt(objects.length), 8);
    trailer.writeBigUInt64BE(BigInt(levels), 16);
    trailer.writeBigUInt64BE(BigInt(at), 24);
    const table = Buffer.alloc(offsets.length * 2);
    for (const [index, offset] of offsets.entries()) table.writeUInt16BE(offset, index * 2);
    const bomb = Buffer.concat([Buffer.from('bplist00'), ...objects, table, trailer]);
    const deep = `<plist>${'<array>'.repeat(10_000)}`;
    for (const content of [bomb, deep, '<plist><dict/></plist>', '<!ENTITY x "y">'])
      await refused({ name: 'x.ipa', bytes: zipOf([infoPlist(content)]) }, 'can’t be read');
    expect((await browser.get('/store')).status).toBe(200);
  });

  test('R78: pictures: 50,000 pixels, pages, interlacing; what is hidden in one doesn’t come through', async () => {
    const giant = picture(64);
    giant.writeUInt32BE(50_000, 16);
    giant.writeUInt32BE(50_000, 20);
    const interlaced = picture(64);
    interlaced[28] = 1;
    const cases: readonly (readonly [Buffer, string])[] = [
      [giant, 'Use a picture of 32 to 1,024 pixels'],
      [picture(16), 'Use a picture of 32 to 1,024 pixels'],
      [Buffer.concat([picture(64), Buffer.alloc(1024 * 1024)]), 'at most 1 MiB'],
      [Buffer.from('<svg onload="alert(1)"/>'.padEnd(100)), 'Use a PNG picture'],
      [picture(64).subarray(0, 60), 'Use a PNG picture'],
      [interlaced, 'Use a PNG picture'],
      // The first says what is looked at, and the reader goes by the last.
      [twoHeaders(picture(64), picture(5_000)), 'Use a PNG picture'],
    ];
    for (const [bytes, words] of cases) {
      const answer = await sendIcon(browser, 'notes', bytes);
      expect([answer.status, textOf(answer.body)]).toEqual([422, expect.stringContaining(words)]);
    }
    const hidden = picture(64, 64, 'Comment\0<script>alert("hidden")</script>');
    expect((await sendIcon(browser, 'notes', hidden)).status).toBe(303);
    expect((await sendIcon(browser, 'notes', Buffer.concat([hidden, hidden]))).status).toBe(422);
    const icon = /src="(\/store\/notes\/icon[^"]+)"/.exec(
      (await browser.get('/store/notes')).body,
    )?.[1] as string;
    const shown = await browser.get(icon);
    expect(shown.bytes.includes('script')).toBe(false);
    expect(shown.headers['content-security-policy']).toContain("default-src 'none'");
  });

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
    await refused(big, 'larger than what can be uploaded');
    await set('build_size_mib', null);
    await set('builds_per_app', '1');
    const one = await sendBuild(browser, 'notes', sample('zip'), { version: '9' });
    expect([one.status, textOf(one.body)]).toEqual([
      409,
      expect.stringContaining('as many builds as it may have'),
    ]);
    await set('builds_per_app', null);
    await set('builds_total_gib', '1');
    await db()
      .updateTable('build')
      .set({ size: 1024 ** 3 - 1000 })
      .execute();
    const full = await sendBuild(browser, 'notes', big, { version: '9' });
    expect([full.status, textOf(full.body)]).toEqual([409, expect.stringContaining('There is no room left')]);
    await db().updateTable('build').set({ size: original.bytes.length }).execute();
    await set('builds_total_gib', null);
    expect(leftovers()).toEqual([]);
    expect(files()).toHaveLength(await countRows());
  });

  test('a form that is none, is cut off, or has a field twice or too many', async () => {
    const send = (body: Buffer, type = MULTIPART) =>
      browser.send('POST', '/store/manage/notes/upload', body, { 'content-type': type });
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
    expect(await countRows()).toBe(1);
    expect(leftovers()).toEqual([]);
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
    leave(join(incoming(), old), 7 * HOUR);
    leave(join(incoming(), young), HOUR);
    for (const { id } of await db().selectFrom('build').select('id').execute())
      utimesSync(join(folder, id), seconds(7 * HOUR), seconds(7 * HOUR));
    await sweepBuilds({ ...deps, files: openBuildFiles(deps.config) });
    expect(files()).toHaveLength(2);
    expect(files()).toContain(young);
    expect(leftovers()).toEqual([young]);
    expect((await browser.get(download)).bytes.equals(original.bytes)).toBe(true);
  });
});

describe('A60: downloads', () => {
  const member = async () => {
    const person = await somebody(house);
    const own = house.browser();
    await enterPassword(own, person);
    return own;
  };

  test('R79: always an attachment, never a page', async () => {
    const { headers } = await (await member()).get(download);
    expect(headers).toMatchObject({
      'content-disposition': `attachment; filename="notes.apk"; filename*=UTF-8''notes.apk`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/default-src 'none'.*sandbox/),
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
      etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
      'content-length': String(original.bytes.length),
    });
  });

  test('R79: parts, resumed only of the same file; only the beginning is counted', async () => {
    const own = await member();
    const downloads = async () =>
      (await db().selectFrom('build').select('downloads').executeTakeFirstOrThrow()).downloads;
    const before = await downloads();
    const size = original.bytes.length;
    const get = (range: string, more: Record<string, string> = {}) => own.get(download, { range, ...more });
    const whole = await own.get(download);
    const etag = whole.headers['etag'] as string;
    const part = await get('bytes=100-199', { 'if-range': etag });
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 100-199/${size}`]);
    expect(part.bytes.equals(original.bytes.subarray(100, 200))).toBe(true);
    const end = await get('bytes=-10');
    expect(end.bytes.equals(original.bytes.subarray(-10))).toBe(true);
    expect(await downloads()).toBe(before + 1);
    const other = await get('bytes=100-199', { 'if-range': '"other"' });
    expect([other.status, other.bytes.length]).toEqual([200, size]);
    const beyond = await get(`bytes=${size}-`);
    expect([beyond.status, beyond.headers['content-range'], beyond.bytes.length]).toEqual([
      416,
      `bytes */${size}`,
      0,
    ]);
    expect((await own.get(download, { 'if-none-match': etag })).status).toBe(304);
    expect(await downloads()).toBe(before + 2);
    const head = await own.send('HEAD', download, undefined, {});
    expect([head.status, head.headers['content-length'], head.bytes.length]).toEqual([200, String(size), 0]);
    expect(
      (await own.send('HEAD', download, undefined, { range: 'bytes=0-9' })).headers['content-length'],
    ).toBe('10');
    expect(await downloads()).toBe(before + 2);
    expect((await get('bytes=0-9')).status).toBe(206);
    expect(await downloads()).toBe(before + 3);
  });

  test('R79: a shared link is nothing without its own session, and no longer than that', async () => {
    const own = await member();
    expect((await house.browser().get(download)).location).toMatch(/^\/sign-in/);
    const terse = { accept: 'application/json' };
    expect((await house.browser().get(download, terse)).status).toBe(401);
    expect((await own.get(download)).status).toBe(200);
    const cookies = new Map(own.cookies);
    await own.post('/sign-out');
    const stolen = house.browser();
    for (const [name, value] of cookies) stolen.cookies.set(name, value);
    expect((await stolen.get(download, { range: 'bytes=1-', ...terse })).status).toBe(401);
  });

  test('R71: another publisher’s app is not there, whatever is asked of it; nor is a build under another app', async () => {
    const { browser: rival } = await publisher(house);
    await rival.submit('/store/manage/new', { name: 'Rival', slug: 'rival', description: '' });
    const [id] = /[0-9a-f]{32}/.exec(download) as RegExpExecArray;
    const paths = [
      '/store/manage/notes',
      '/store/manage/notes/edit',
      '/store/manage/notes/upload',
      '/store/manage/notes/delete',
      `${manage}/publish`,
      `${manage}/withdraw`,
      `${manage}/delete`,
    ];
    for (const path of [
      ...paths,
      `/store/rival/builds/${id}/download`,
      `/store/manage/rival/builds/${id}/publish`,
    ])
      expect((await rival.get(path)).status, path).toBe(404);
    for (const path of paths.slice(3))
      expect(
        (await rival.post(path, path.endsWith('publish') ? { audience: 'everyone' } : {})).status,
        path,
      ).toBe(404);
    expect((await rival.post('/store/manage/notes/edit', { name: 'Mine', description: '' })).status).toBe(
      404,
    );
    expect((await sendBuild(rival, 'notes', sample('zip'))).status).toBe(404);
    expect((await sendIcon(rival, 'notes', picture(64))).status).toBe(404);
    expect(await countRows()).toBe(1);
  });

  test('R69: members and publishers without a second factor publish nothing; a stale step-up asks first', async () => {
    const plain = await member();
    expect((await plain.get('/store/manage')).status).toBe(404);
    expect((await sendBuild(plain, 'notes', sample('zip'))).status).toBe(404);
    const weak = await somebody(house, { roles: 'publisher' });
    const his = house.browser();
    await enterPassword(his, weak);
    expect((await his.get('/store/manage')).location).toBe('/account/security');
    const { browser: stale } = await somebodyProtected(house, { roles: 'publisher' });
    house.clock.advance(11 * 60_000);
    expect((await stale.get('/store/manage')).status).toBe(200);
    expect((await stale.get('/store/manage/new')).location).toMatch(/^\/confirm/);
    const looking = await browser.get('/store/manage/notes');
    expect([looking.status, looking.body.includes('action="/store/manage')]).toEqual([200, false]);
    expect(
      (await stale.post('/store/manage/new', { name: 'x', slug: 'x', description: '' })).location,
    ).toMatch(/^\/confirm/);
  });

  test("who has just said “This wasn't me” publishes nothing for a day", async () => {
    const { person, browser: frozen } = await somebodyProtected(house, { roles: 'publisher' });
    const { manage: own } = await appWithBuild(frozen, 'frozen', sample('zip'));
    await db()
      .updateTable('account')
      .set({ frozen_until_at: house.clock.now() + 1000 })
      .where('id', '=', person.id)
      .execute();
    const answer = await frozen.post(`${own}/publish`, { audience: 'everyone' });
    expect([answer.status, textOf(answer.body)]).toEqual([
      409,
      expect.stringContaining('paused for 24 hours'),
    ]);
    expect((await db().selectFrom('publication').select('id').execute()).length).toBe(1);
  });
});
