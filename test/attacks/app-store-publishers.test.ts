import { describe, expect, test } from 'vitest';
import { somebody, somebodyProtected } from '../kit/attack-kit.ts';
import { textOf } from '../kit/browser.ts';
import { picture, sample, sendBuild, sendIcon } from '../kit/builds.ts';
import { enterPassword } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { sharedStore } from '../kit/shared-store.ts';
import { appWithBuild, member, publisher } from '../kit/store-people.ts';

const house = sharedHouse();
const store = sharedStore(house);

const db = () => house.app.database.db;

describe('A60: downloads', () => {
  test('R71: another publisher’s app is not there, whatever is asked of it; nor is a build under another app', async () => {
    const { browser: rival } = await publisher(house);
    await rival.submit('/store/manage/new', { name: 'Rival', slug: 'rival', description: '' });
    const [id] = /[0-9a-f]{32}/.exec(store.download) as RegExpExecArray;
    const paths = [
      '/store/manage/notes',
      '/store/manage/notes/edit',
      '/store/manage/notes/upload',
      '/store/manage/notes/delete',
      `${store.manage}/publish`,
      `${store.manage}/withdraw`,
      `${store.manage}/delete`,
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
    expect(await store.countRows()).toBe(1);
  });

  test('R69: members and publishers without a second factor publish nothing; a stale step-up asks first', async () => {
    const plain = await member(house);
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
    const looking = await store.browser.get('/store/manage/notes');
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

  test('R69: a session that has seen the password alone is no publisher’s: neither file nor picture nor number of what it looks after', async () => {
    const { browser, person } = await publisher(house);
    const { download, manage } = await appWithBuild(browser, 'hidden');
    await sendIcon(browser, 'hidden', picture(64));
    const proven = (acr: 'pwd' | 'mfa') =>
      db().updateTable('session').set({ acr }).where('account_id', '=', person.id).execute();
    const look = async () =>
      [await browser.get(download), await browser.get('/store/hidden/icon')].map(({ status }) => status);
    expect(await look()).toEqual([200, 200]);
    await proven('pwd');
    expect(await look()).toEqual([404, 404]);
    await proven('mfa');
    await browser.submit(`${manage}/publish`, { audience: 'everyone' });
    const page = async () => textOf((await browser.get('/store/hidden')).body);
    expect(await page()).toContain('1 download');
    await proven('pwd');
    expect(await page()).not.toContain('1 download');
    expect(await look()).toEqual([200, 200]);
  });
});
