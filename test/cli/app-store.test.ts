import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { somebody } from '../kit/attack-kit.ts';
import { sample } from '../kit/builds.ts';
import type { House } from '../kit/house.ts';
import { enterPassword } from '../kit/people.ts';
import { groupOf } from '../kit/store-people.ts';
import { openOffice, type Run } from './operator.ts';

let house: House;
let run: Run;
let folder: string;
beforeAll(async () => {
  ({ house, run } = await openOffice());
  folder = mkdtempSync(join(tmpdir(), 'countersign-release-'));
});
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true });
});

function write({ name, bytes } = sample('deb', 'notes.deb')): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

test('a release script makes an app, uploads, publishes and withdraws beside a running server', async () => {
  const ann = await somebody(house);
  await groupOf(house, 'Testers', ann);
  const browser = house.browser();
  await enterPassword(browser, ann);
  const status = async () => (await browser.get('/store/notes')).status;

  const made = await run('store', 'create', 'notes', '--name', 'Notes', '--json');
  expect([made.code, made.stderr, made.json()]).toEqual([0, '', expect.objectContaining({ app: 'notes', name: 'Notes' })]);
  const file = write();
  const sent = await run('store', 'upload', 'notes', file, '--version', '1.0', '--notes', 'First', '--json');
  const { bytes } = sample('deb');
  expect(sent.json()).toMatchObject({
    app: 'notes', version: '1.0', platform: 'linux', format: 'deb', size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  expect((await run('store', 'upload', 'notes', write(sample('zip', 'notes.zip')), '--version', '1.0', '--platform', 'windows')).lines[0]).toBe(
    'notes.zip, version 1.0, is uploaded. Nobody sees it before it is published.',
  );
  expect(await status()).toBe(404);
  const published = await run('store', 'publish', 'notes', '1.0', '--group', 'testers', '--json');
  expect(published.json()).toMatchObject({ everyone: false, group: 'testers', builds: [expect.any(String), expect.any(String)] });
  expect(await status()).toBe(200);
  expect((await run('store', 'publish', 'notes', '1.0', '--everyone')).lines[0]).toMatch(/^Published to everyone: notes\.(zip|deb), /);
  expect((await run('store', 'withdraw', 'notes', '1.0', '--json')).json()).toEqual({ app: 'notes', version: '1.0', withdrawn: 2 });
  expect((await run('store', 'withdraw', 'notes', '1.0')).lines[0]).toBe('It was offered to nobody.');
  expect(await status()).toBe(404);
  const actors = await house.app.database.db
    .selectFrom('audit_event')
    .select('actor')
    .where('event', 'like', 'store.%')
    .execute();
  expect([actors.length, new Set(actors.map(({ actor }) => actor))]).toEqual([9, new Set(['operator'])]);
});

test('what is refused, and why', async () => {
  await run('store', 'create', 'other', '--name', 'Other');
  const refused = async (code: number, words: string | RegExp, ...args: string[]) => {
    const { code: exit, stderr } = await run('store', ...args);
    expect([exit, stderr]).toEqual([code, expect.stringMatching(words)]);
  };
  await refused(1, 'slug: Another app has this address.', 'create', 'other', '--name', 'x');
  await refused(1, 'slug: Use 1 to 40', 'create', 'Not Good', '--name', 'x');
  await refused(1, 'There is no file', 'upload', 'other', '/nowhere.deb', '--version', '1');
  await refused(1, 'file: .*isn’t what its name says', 'upload', 'other', write({ ...sample('zip'), name: 'a.apk' }), '--version', '1');
  await refused(1, 'version: Type a version', 'upload', 'other', write(), '--version', 'a b');
  await refused(2, '--platform takes android, ios', 'upload', 'other', write(), '--version', '1', '--platform', 'toaster');
  await refused(1, 'There is no such page', 'upload', 'nothing', write(), '--version', '1');
  await refused(1, 'has no build with the version "9"', 'publish', 'other', '9', '--everyone');
  await refused(2, 'either --everyone or --group', 'publish', 'other', '9');
  await refused(2, 'either --everyone or --group', 'publish', 'other', '9', '--everyone', '--group', 'x');
  await run('store', 'upload', 'other', write(), '--version', '1');
  await refused(1, 'There is no group "Nobody"', 'publish', 'other', '1', '--group', 'Nobody');
});
