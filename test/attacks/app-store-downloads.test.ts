import { describe, expect, test } from 'vitest';
import { sharedHouse } from '../kit/shared-house.ts';
import { sharedStore } from '../kit/shared-store.ts';
import { member } from '../kit/store-people.ts';

const house = sharedHouse();
const store = sharedStore(house);

const db = () => house.app.database.db;

describe('A60: downloads', () => {
  test('R79: always an attachment, never a page', async () => {
    const { headers } = await (await member(house)).get(store.download);
    expect(headers).toMatchObject({
      'content-disposition': `attachment; filename="notes.apk"; filename*=UTF-8''notes.apk`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/default-src 'none'.*sandbox/),
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
      etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
      'content-length': String(store.original.bytes.length),
    });
  });

  test('R79: parts, resumed only of the same file; only the beginning is counted', async () => {
    const own = await member(house);
    const downloads = async () =>
      (await db().selectFrom('build').select('downloads').executeTakeFirstOrThrow()).downloads;
    const before = await downloads();
    const size = store.original.bytes.length;
    const get = (range: string, more: Record<string, string> = {}) =>
      own.get(store.download, { range, ...more });
    const whole = await own.get(store.download);
    const etag = whole.headers['etag'] as string;
    const part = await get('bytes=100-199', { 'if-range': etag });
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 100-199/${size}`]);
    expect(part.bytes.equals(store.original.bytes.subarray(100, 200))).toBe(true);
    const end = await get('bytes=-10');
    expect(end.bytes.equals(store.original.bytes.subarray(-10))).toBe(true);
    expect(await downloads()).toBe(before + 1);
    const other = await get('bytes=100-199', { 'if-range': '"other"' });
    expect([other.status, other.bytes.length]).toEqual([200, size]);
    const beyond = await get(`bytes=${size}-`);
    expect([beyond.status, beyond.headers['content-range'], beyond.bytes.length]).toEqual([
      416,
      `bytes */${size}`,
      0,
    ]);
    expect((await own.get(store.download, { 'if-none-match': etag })).status).toBe(304);
    expect(await downloads()).toBe(before + 2);
    const head = await own.send('HEAD', store.download, undefined, {});
    expect([head.status, head.headers['content-length'], head.bytes.length]).toEqual([200, String(size), 0]);
    expect(
      (await own.send('HEAD', store.download, undefined, { range: 'bytes=0-9' })).headers['content-length'],
    ).toBe('10');
    expect(await downloads()).toBe(before + 2);
    expect((await get('bytes=0-9')).status).toBe(206);
    expect(await downloads()).toBe(before + 3);
  });

  test('R79: a shared link is nothing without its own session, and no longer than that', async () => {
    const own = await member(house);
    expect((await house.browser().get(store.download)).location).toMatch(/^\/sign-in/);
    const terse = { accept: 'application/json' };
    expect((await house.browser().get(store.download, terse)).status).toBe(401);
    expect((await own.get(store.download)).status).toBe(200);
    const cookies = new Map(own.cookies);
    await own.post('/sign-out');
    const stolen = house.browser();
    for (const [name, value] of cookies) stolen.cookies.set(name, value);
    expect((await stolen.get(store.download, { range: 'bytes=1-', ...terse })).status).toBe(401);
  });
});
