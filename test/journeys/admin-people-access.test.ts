import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE, somebodyProtected } from '../kit/attack-kit.ts';
import type { Browser } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { ANN, accountAt, againPath, INVITE, PEOPLE } from '../kit/invitations.ts';
import {
  addPerson,
  addProtectedPerson,
  enableApp,
  enterPassword,
  PASSWORD,
  type Person,
} from '../kit/people.ts';
import { freshHouse } from '../kit/shared-house.ts';

describe.each(ENGINES)('an administrator and the people, on %s', (engine) => {
  const house = freshHouse({ engine });
  let boss: Person;
  let browser: Browser;
  beforeEach(async () => {
    const values = { email: 'boss@example.org', name: 'Boss', roles: 'admin' };
    ({ person: boss, browser } = await somebodyProtected(house, values));
  });

  const db = () => house.app.database.db;

  async function demote(id: string, roles: string) {
    await db().updateTable('account').set({ roles }).where('id', '=', id).execute();
  }

  describe('A63: vertical access', () => {
    async function everyRoute(by: Browser, headers: Record<string, string> = {}) {
      const again = await againPath(house, 'waiting@example.org');
      return Promise.all([
        by.get(PEOPLE, headers),
        by.get(`${PEOPLE}?q=boss`, headers),
        by.get(INVITE, headers),
        by.post(INVITE, { ...ANN, email: 'friend@example.org' }, headers),
        by.get(again, headers),
        by.post(again, {}, headers),
      ]);
    }
    beforeEach(async () => {
      await browser.submit(INVITE, { email: 'waiting@example.org', name: 'Waiting' });
    });
    afterEach(async () => {
      expect(await accountAt(house, 'friend@example.org')).toBeUndefined();
      expect(await house.mails('waiting@example.org')).toHaveLength(1);
    });

    test.each(['', 'publisher'])('for the role "%s" there is no Dashboard, fresh or not', async (roles) => {
      const other = await addProtectedPerson(house, { roles });
      for (const wait of [0, 11 * MINUTE]) {
        house.clock.advance(wait);
        // The first one leads a publisher to the apps: below.
        const from = roles === '' ? 0 : 1;
        const seen = await everyRoute(other.browser);
        for (const answer of seen.slice(from)) expect(answer.status).toBe(404);
        const told = await everyRoute(other.browser, { accept: 'application/json' });
        for (const answer of told.slice(from)) expect(answer.json()).toMatchObject({ code: 'not_found' });
      }
      expect((await other.browser.get('/account')).body).not.toContain('/admin/people');
      // Of the Dashboard a publisher has the apps, and is led there.
      const front = await other.browser.get('/admin');
      expect([front.status, front.location]).toEqual(roles === '' ? [404, ''] : [303, '/admin/apps']);
      if (roles === '') expect((await other.browser.get('/account')).body).not.toContain('/admin');
    });

    test('who is not signed in, or half, is led to the sign-in', async () => {
      const half = house.browser();
      await enterPassword(half, boss);
      for (const stranger of [house.browser(), half]) {
        for (const answer of await everyRoute(stranger)) {
          expect([answer.status, answer.location]).toEqual([303, expect.stringMatching(/^\/sign-in/)]);
        }
      }
      const { location } = await house.browser().get(`${PEOPLE}?q=ann`);
      expect(location).toBe(`/sign-in?return_to=${encodeURIComponent(`${PEOPLE}?q=ann`)}`);
    });

    test('an administrator without a second factor is led to the enrolment', async () => {
      const person = await addPerson(house, { email: 'new@example.org', roles: 'admin' });
      const other = house.browser();
      await enterPassword(other, person);
      for (const answer of await everyRoute(other)) expect(answer.location).toBe('/account/security');
    });

    test('who becomes an administrator keeps a sign-in by password out of the Dashboard', async () => {
      const person = await addPerson(house, { email: 'new@example.org' });
      const other = house.browser();
      await enterPassword(other, person);
      await demote(person.id, 'admin');
      for (const answer of await everyRoute(other)) expect(answer.location).toBe('/account/security');
      await enableApp(house, other);
      expect((await other.get(PEOPLE)).status).toBe(200);
    });

    test('who is an administrator no longer is out with the next request', async () => {
      await demote(boss.id, '');
      for (const answer of await everyRoute(browser)) expect(answer.status).toBe(404);
    });

    test('what nobody asked for is refused, and so is a role that there is not', async () => {
      const form = { ...ANN, email: 'friend@example.org' };
      for (const more of [
        { emailVerified: 'true' },
        { roles: 'admin' },
        { password: PASSWORD },
        { id: '1' },
      ]) {
        expect([more, (await browser.post(INVITE, { ...form, ...more })).status]).toEqual([more, 400]);
      }
      for (const role of ['owner', 'admin publisher', '']) {
        expect([role, (await browser.post(INVITE, { ...form, role })).status]).toEqual([role, 400]);
      }
      const twice = `${new URLSearchParams(form)}&role=admin`;
      expect((await browser.post(INVITE, twice)).status).toBe(400);
      expect(
        (await browser.post(await againPath(house, 'waiting@example.org'), { role: 'admin' })).status,
      ).toBe(400);
    });

    test('an account that there is not is 404', async () => {
      for (const id of ['0'.repeat(32), '..%2f', '%00', "'", 'x'.repeat(150)]) {
        const path = `${PEOPLE}/${id}/invite`;
        expect([id, (await browser.get(path)).status]).toEqual([id, 404]);
        expect([id, (await browser.post(path)).status]).toEqual([id, 404]);
      }
    });

    test('another site can’t invite', async () => {
      const headers = { 'sec-fetch-site': 'cross-site' };
      const form = { ...ANN, email: 'friend@example.org' };
      expect((await browser.post(INVITE, form, headers)).status).toBe(403);
    });
  });
});
