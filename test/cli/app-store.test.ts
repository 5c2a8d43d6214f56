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

/** `store …`, typed as one line. */
const store = (line: string) => run('store', ...line.split(' '));

test('a release script makes an app, uploads, publishes and withdraws beside a running server', async () => {
  const ann = await somebody(house);
  await groupOf(house, 'Testers', ann);
  const browser = house.browser();
  await enterPassword(browser, ann);
  const status = async () => (await browser.get('/store/notes')).status;

  const made = await store('create notes --name Notes --json');
  expect([made.code, made.stderr]).toEqual([0, '']);
  expect(made.json()).toMatchObject({ app: 'notes', name: 'Notes' });
  const { bytes } = sample('deb');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const sent = await store(`upload notes ${write()} --version 1.0 --notes First --json`);
  const told = { app: 'notes', version: '1.0', platform: 'linux', format: 'deb', size: bytes.length, sha256 };
  expect(sent.json()).toMatchObject(told);
  const archive = write(sample('zip', 'notes.zip'));
  expect((await store(`upload notes ${archive} --version 1.0 --platform windows`)).stdout).toBe(
    'notes.zip, version 1.0, is uploaded. Nobody sees it before it is published.\n',
  );
  expect(await status()).toBe(404);
  const published = (await store('publish notes 1.0 --group testers --json')).json<{ builds: string[] }>();
  expect(published).toMatchObject({ everyone: false, group: 'testers' });
  expect(published.builds).toHaveLength(2);
  expect(await status()).toBe(200);
  expect((await store('publish notes 1.0 --everyone')).stdout).toMatch(/^Published to everyone: notes\./);
  const withdrawn = { app: 'notes', version: '1.0', withdrawn: 2 };
  expect((await store('withdraw notes 1.0 --json')).json()).toEqual(withdrawn);
  expect((await store('withdraw notes 1.0')).stdout).toBe('It was not published to anybody.\n');
  expect(await status()).toBe(404);
  const actors = await house.app.database.db
    .selectFrom('audit_event')
    .select('actor')
    .where('event', 'like', 'store.%')
    .execute();
  expect(actors.map(({ actor }) => actor)).toEqual(Array(9).fill('operator'));
});

test.each([
  [1, 'slug: Another app already uses this address.', () => 'create other --name x'],
  [1, 'slug: Use 1 to 40', () => 'create Not_Good --name x'],
  [1, 'There is no readable file', () => 'upload other /nowhere.deb --version 1'],
  [
    1,
    'isn’t what its name says',
    () => `upload other ${write({ ...sample('zip'), name: 'a.apk' })} --version 1`,
  ],
  [
    1,
    'file: This kind of file can’t be published here. It must end in .apk',
    () => `upload other ${write({ ...sample('zip'), name: 'a.txt' })} --version 1`,
  ],
  [1, 'version: Type a version', () => `upload other ${write()} --version 1..0`],
  [
    1,
    'such as 2.4.1.\nfile: This kind of file can’t be published here. It must end in .apk',
    () => `upload other ${write({ ...sample('zip'), name: 'a.txt' })} --version 1..0`,
  ],
  [
    1,
    'There is no app "nothing" in the App Store.',
    () => `upload nothing ${write({ ...sample('zip'), name: 'a.txt' })} --version 1`,
  ],
  [2, '--platform takes android, ios', () => `upload other ${write()} --version 1 --platform toaster`],
  [1, 'There is no app "nothing" in the App Store.', () => `upload nothing ${write()} --version 1`],
  [1, 'There is no app "nothing" in the App Store.', () => 'withdraw nothing 1'],
  [1, 'has no build with the version "9"', () => 'publish other 9 --everyone'],
  [2, 'either --everyone or --group', () => 'publish other 9'],
  [2, 'either --everyone or --group', () => 'publish other 9 --everyone --group x'],
  [1, 'There is no group "Nobody"', () => 'publish other 1 --group Nobody'],
])('refused (%i): %s', async (code, words, line) => {
  const there = await house.app.database.db
    .selectFrom('app')
    .select('id')
    .where('slug', '=', 'other')
    .execute();
  if (there.length === 0) {
    await store('create other --name Other');
    await store(`upload other ${write()} --version 1`);
  }
  const { code: exit, stderr } = await store(line());
  expect([exit, stderr]).toEqual([code, expect.stringContaining(words)]);
});
