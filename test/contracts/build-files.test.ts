import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuildFiles, FileMissing } from '../../src/builds/files/build-files.ts';
import { openBuildFiles } from '../../src/builds/files/open.ts';
import { sweepBuilds } from '../../src/builds/sweep-builds.ts';
import { type Bucket, parseBucketUrl } from '../../src/kit/bucket-url.ts';
import { type BucketServer, startBucket } from '../kit/bucket-server.ts';
import { openHouse } from '../kit/house.ts';

const MIB = 1024 * 1024;
const id = (letter: string) => letter.repeat(32);

describe.each(['a folder', 'a bucket'])('files of builds in %s', (kind) => {
  let files: BuildFiles;
  let folder: string;
  let server: BucketServer | null = null;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-files-'));
    if (kind === 'a bucket') server = await startBucket();
    files = openBuildFiles({ dataDir: folder, bucket: server && (parseBucketUrl(server.url) as Bucket) });
  });
  afterAll(async () => {
    expect(server?.complaints ?? []).toEqual([]);
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function waiting(bytes: Buffer): string {
    const path = join(folder, 'waiting');
    writeFileSync(path, bytes);
    return path;
  }
  const read = async (name: string, start: number, end: number) =>
    buffer(await files.read(name, { start, end }));
  const list = async () => {
    const found: string[] = [];
    for await (const one of files.list()) found.push(one.id);
    return found.sort();
  };

  test('nothing is there at first', async () => {
    expect(await list()).toEqual([]);
    await files.dropUnfinished(Date.now());
    await files.remove(id('0'));
    await expect(files.read(id('0'), { start: 0, end: 0 })).rejects.toThrow(FileMissing);
  });

  test.each([
    ['small', 1000],
    ['in several parts, the last of them short', 9 * MIB + 7],
  ])('what is taken over is there whole, in any part, and gone from where it was: %s', async (_how, size) => {
    const bytes = randomBytes(size);
    const path = waiting(bytes);
    await files.keep(id('a'), path);
    expect(existsSync(path)).toBe(false);
    expect((await read(id('a'), 0, size - 1)).equals(bytes)).toBe(true);
    expect((await read(id('a'), 10, 19)).equals(bytes.subarray(10, 20))).toBe(true);
    expect((await read(id('a'), size - 1, size - 1)).equals(bytes.subarray(-1))).toBe(true);
    await files.remove(id('a'));
    await expect(files.read(id('a'), { start: 0, end: 9 })).rejects.toThrow(FileMissing);
  });

  test('all of them are listed, with when they came', async () => {
    for (const letter of ['a', 'b', 'c', 'd', 'e'])
      await files.keep(id(letter), waiting(Buffer.from(letter)));
    expect(await list()).toEqual(['a', 'b', 'c', 'd', 'e'].map(id));
    for await (const { at } of files.list()) expect(Math.abs(at - Date.now())).toBeLessThan(60_000);
    await files.remove(id('c'));
    expect(await list()).toEqual(['a', 'b', 'd', 'e'].map(id));
  });
});

describe('a bucket', () => {
  test('takes a large file in parts that fit into memory, and none of it when one is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-files-'));
    const server = await startBucket();
    const files = openBuildFiles({ dataDir: folder, bucket: parseBucketUrl(server.url) });
    const path = join(folder, 'waiting');
    writeFileSync(path, Buffer.alloc(17 * MIB));
    await files.keep(id('f'), path);
    expect(server.largest()).toBe(8 * MIB);
    expect([...server.objects.keys()]).toEqual([`builds/${id('f')}`]);

    writeFileSync(path, Buffer.alloc(9 * MIB));
    server.refuseParts();
    await expect(files.keep(id('9'), path)).rejects.toThrow();
    expect(existsSync(path)).toBe(true);
    expect([server.objects.size, server.uploads.size]).toEqual([1, 0]);

    server.uploads.set('left', { key: `builds/${id('8')}`, parts: new Map(), at: 1_000_000 });
    await files.dropUnfinished(1_000_000);
    expect(server.uploads.size).toBe(1);
    await files.dropUnfinished(1_000_001);
    expect(server.uploads.size).toBe(0);
    expect(server.complaints).toEqual([]);
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('a bucket that is cleaned up', () => {
  test('R78: is the first database’s that looks; any other, such as a restore that is tried out, removes nothing', async () => {
    const server = await startBucket();
    const bucket = parseBucketUrl(server.url);
    const houses = [await openHouse(), await openHouse()];
    const [sweepFirst, sweepOther] = houses.map(({ app: { deps } }) => {
      const files = openBuildFiles({ dataDir: deps.config.dataDir, bucket });
      return () => sweepBuilds({ ...deps, files });
    }) as [() => Promise<void>, () => Promise<void>];
    const left = `builds/${id('7')}`;
    server.objects.set(left, { bytes: Buffer.from('x'), at: 0 });
    server.uploads.set('left', { key: left, parts: new Map(), at: 0 });
    const here = () => [server.objects.has(left), server.uploads.size];

    // Of two that come at once the later one has it: whoever claims it looks once more an hour from now.
    await sweepFirst();
    await sweepOther();
    expect(here()).toEqual([true, 1]);
    await sweepFirst();
    expect(here()).toEqual([false, 0]);
    server.objects.set(left, { bytes: Buffer.from('x'), at: 0 });
    server.objects.delete('builds-owner');
    await sweepOther();
    await sweepFirst();
    expect(here()).toEqual([true, 0]);
    await sweepOther();
    expect(here()).toEqual([false, 0]);
    expect([...server.objects.keys()]).toEqual(['builds-owner']);

    expect(server.complaints).toEqual([]);
    for (const house of houses) await house.close();
    await server.close();
  });
});

test('BUILDS_URL says where the bucket is', () => {
  expect(parseBucketUrl('s3://KEY:a%2Fb%2Bc@s3.example.org/builds?region=eu-west-1')).toEqual({
    endpoint: 'https://s3.example.org',
    region: 'eu-west-1',
    name: 'builds',
    accessKeyId: 'KEY',
    secretAccessKey: 'a/b+c',
  });
  expect(parseBucketUrl('s3://k:s@localhost:9000/my.builds-1?tls=no')).toMatchObject({
    endpoint: 'http://localhost:9000',
    region: 'us-east-1',
    name: 'my.builds-1',
  });
  for (const wrong of [
    's3://host/bucket',
    's3://k@host/bucket',
    's3://k:s@host',
    's3://k:s@host/',
    's3://k:s@host/a/b',
    's3://k:s@host/Bucket',
    'https://k:s@host/bucket',
    's3://k:s@host/bucket?tls=maybe',
    's3://k:s@host/bucket?regio=x',
    's3://k:s@host/bucket#x',
    's3://k:%zz@host/bucket',
    'bucket',
    '',
  ])
    expect(parseBucketUrl(wrong), wrong).toBeNull();
});
