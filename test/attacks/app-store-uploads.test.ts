import type { Worker } from 'node:worker_threads';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { tarOf, zipOf } from '../kit/archive.ts';
import { copyOf } from '../kit/attack-kit.ts';
import { textOf } from '../kit/browser.ts';
import { infoPlist, picture, sample, sendBuild, sendIcon, twoHeaders } from '../kit/builds.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { sharedStore } from '../kit/shared-store.ts';
import { appWithBuild, publisher } from '../kit/store-people.ts';

const house = sharedHouse();
const store = sharedStore(house);

/** As `git archive` begins. */
const COMMENT = { name: 'pax_global_header', type: 'g', content: '18 comment=abcdef\n' };

const db = () => house.app.database.db;

describe('A60: uploads', () => {
  test('R78: a name that is a path is refused, in whatever form', async () => {
    for (const name of ['../../etc/x.apk', '/etc/x.apk', '..\\x.apk', 'C:\\x.apk', '.x.apk'])
      await store.refused({ ...sample('apk'), name }, 'Rename the file');
    for (const name of ['x.svg', 'x.html', 'x.apk.html', 'x'])
      await store.refused({ name, bytes: Buffer.from('<script>') }, 'can’t be published here');
  });

  test('R78: a page or picture under another name is refused by its first bytes', async () => {
    const page = Buffer.from(`<!doctype html><script>alert(1)</script>${' '.repeat(9000)}`);
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    for (const name of ['x.apk', 'x.zip', 'x.dmg', 'x.exe', 'x.tar', 'x.AppImage'])
      for (const bytes of [page, svg]) await store.refused({ name, bytes }, 'isn’t what its name says');
    // An archive is read from its end: what stands before it could be a page.
    const polyglot = Buffer.concat([page, sample('zip').bytes]);
    await store.refused({ name: 'x.zip', bytes: polyglot }, 'isn’t what its name says');
    await store.refused({ ...sample('zip'), name: 'x.apk' }, 'isn’t what its name says');
    await store.refused({ ...sample('apk'), name: 'x.ipa' }, 'isn’t what its name says');
    await store.refused({ name: 'x.apk', bytes: Buffer.alloc(0) }, 'isn’t what its name says');
  });

  test('R78: bombs are refused by what they claim, before anything is unpacked', async () => {
    const manifest = { name: 'AndroidManifest.xml', content: 'x' };
    const huge = (claimedSize: number) => ({ name: 'a', content: 'x', claimedSize });
    const words = 'unpacks to more than is allowed';
    await store.refused({ name: 'x.apk', bytes: zipOf([manifest, huge(0xffff_fff0)]) }, words);
    await store.refused({ name: 'x.zip', bytes: zipOf([huge(65 * 1024 * 1024)]) }, words);
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
    await store.refused({ name: 'x.zip', bytes }, words);
  });

  test('R78: links, devices, and names that lead out of the folder are refused', async () => {
    const good = { name: 'a', content: 'x' };
    const words = 'contains links, or file names that lead out';
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
      await store.refused({ name: 'x.zip', bytes: zipOf([good, bad]) }, words);
    await store.refused({ name: 'x.zip', bytes: sample('zip').bytes.subarray(0, 60) }, 'can’t be read');
  });

  test('R78: a tar archive, packed or not, holds no links, devices or names that lead out either', async () => {
    const good = { name: 'a', content: 'x'.repeat(700) };
    const long = `${'d/'.repeat(80)}../`;
    const words = 'contains links, or file names that lead out';
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
        await store.refused({ name, bytes: pack(tarOf([good, ...bad])) }, words);
      // What does not begin with a header, or seems to have ended, is unpacked by some programs all the same.
      const behind = Buffer.concat([
        Buffer.alloc(512, 1),
        Buffer.alloc(2048),
        tarOf([{ name: 'l', type: '2' }]),
      ]);
      await store.refused({ name: 'x.tar.gz', bytes: gzipSync(behind) }, words);
      await store.refused({ name, bytes: pack(tarOf([{ name: 'a', size: 'nine' }])) }, 'can’t be read');
    }
    await store.refused(
      { name: 'x.tar.gz', bytes: gzipSync(tarOf([good])).subarray(0, 40) },
      'can’t be read',
    );
    const bomb = tarOf([{ name: 'zeros', content: Buffer.alloc(70 * 1024 * 1024) }]);
    await store.refused({ name: 'x.tar.gz', bytes: gzipSync(bomb) }, 'unpacks to more than is allowed');
  });

  test('R78: nothing hides in a tar archive where programs that unpack read it otherwise', async () => {
    const good = { name: 'a', content: 'x'.repeat(700) };
    const link = tarOf([{ name: 'link', type: '2' }]).subarray(0, 512);
    const leadsOut = 'contains links, or file names that lead out';
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
      await store.refused({ name: 'x.tar', bytes: tarOf([good, ...bad]) }, words);
    const honest = { name: 'y.tar', bytes: tarOf([COMMENT, good, { name: 'folder/', type: '5' }]) };
    expect((await sendBuild(store.browser, 'notes', honest, { version: '8.8' })).status).toBe(303);
    const { id } = await db()
      .selectFrom('build')
      .select('id')
      .where('version', '=', '8.8')
      .executeTakeFirstOrThrow();
    await store.browser.submit(`${store.manage.replace(/[^/]+$/, id)}/delete`);
    const twoFrames = Buffer.concat([zstdCompressSync(tarOf([good])), zstdCompressSync(link)]);
    await store.refused({ name: 'x.tar.zst', bytes: twoFrames }, leadsOut);
    const many = Buffer.concat(Array.from({ length: 2_001 }, () => zstdCompressSync(Buffer.alloc(0))));
    await store.refused({ name: 'x.tar.zst', bytes: many }, 'unpacks to more than is allowed');
  });

  test('R78: an archive whose names alone would fill the memory is refused before they do', async () => {
    const names = Array.from({ length: 600 }, (_, n) => ({ name: `${n}-`.padEnd(60_000, 'x') }));
    await store.refused({ name: 'names.zip', bytes: zipOf(names) }, 'unpacks to more');
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
      await store.refused({ name: 'x.ipa', bytes: zipOf([infoPlist(content)]) }, 'can’t be read');
    expect((await store.browser.get('/store')).status).toBe(200);
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
      const answer = await sendIcon(store.browser, 'notes', bytes);
      expect([answer.status, textOf(answer.body)]).toEqual([422, expect.stringContaining(words)]);
    }
    const hidden = picture(64, 64, 'Comment\0<script>alert("hidden")</script>');
    expect((await sendIcon(store.browser, 'notes', hidden)).status).toBe(303);
    expect((await sendIcon(store.browser, 'notes', Buffer.concat([hidden, hidden]))).status).toBe(422);
    const icon = /src="(\/store\/notes\/icon[^"]+)"/.exec(
      (await store.browser.get('/store/notes')).body,
    )?.[1] as string;
    const shown = await store.browser.get(icon);
    expect(shown.bytes.includes('script')).toBe(false);
    expect(shown.headers['content-security-policy']).toContain("default-src 'none'");
  });

  test('R78: thirty pictures at once are drawn by two threads, in turn with what others send', async () => {
    const other = await publisher(house);
    await appWithBuild(other.browser, 'others-notes', sample('zip'));
    let [alive, most] = [0, 0];
    const count = (thread: Worker) => {
      most = Math.max(most, ++alive);
      thread.once('exit', () => alive--);
    };
    process.on('worker', count);
    const done: string[] = [];
    const sent = Array.from({ length: 30 }, async () => {
      const { status } = await sendIcon(copyOf(store.browser, house), 'notes', picture(64));
      done.push('one of thirty');
      return status;
    });
    const late = await sendIcon(other.browser, 'others-notes', picture(64));
    const before = done.length;
    const statuses = await Promise.all(sent);
    process.off('worker', count);
    expect(late.status).toBe(303);
    expect(before).toBeLessThan(15);
    expect(most).toBe(2);
    // Who has so many waiting is told so.
    expect(new Set(statuses)).toEqual(new Set([303, 429]));
  });
});
