import { beforeEach, describe, expect, test } from 'vitest';
import { readAddress } from '../../src/accounts/address.ts';
import { insertAccount } from '../../src/accounts/store.ts';
import { findPeople } from '../../src/admin/people/find-people.ts';
import { newId } from '../../src/kit/random.ts';
import { somebodyProtected, tokenOf } from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { PEOPLE } from '../kit/invitations.ts';
import { addProtectedPerson } from '../kit/people.ts';
import { freshHouse } from '../kit/shared-house.ts';

describe.each(ENGINES)('an administrator and the people, on %s', (engine) => {
  const house = freshHouse({ engine });
  let browser: Browser;
  beforeEach(async () => {
    const values = { email: 'boss@example.org', name: 'Boss', roles: 'admin' };
    ({ browser } = await somebodyProtected(house, values));
  });

  const db = () => house.app.database.db;

  describe('many people', () => {
    beforeEach(async () => {
      const { deps } = house.app;
      await deps.database.transaction(async (tx) => {
        for (let number = 0; number < 120; number++) {
          const name = number % 40 === 7 ? `José Ángel ${number}` : `Somebody ${number}`;
          const email = `p${String(number).padStart(3, '0')}@example.org`;
          const account = { id: newId(deps.random), pseudonym: newId(deps.random), email, name };
          await insertAccount(
            tx,
            { ...account, roles: '', created_at: number, password_hash: 'none' },
            readAddress(email)!.key,
            1,
          );
        }
      });
    });

    const addresses = (body: string) => body.match(/[\w.]+@example\.org(?=<\/div>)/g) ?? [];
    const nextOf = (body: string) =>
      /href="(\/admin\/people\?[^"]*after=[^"]*)"/.exec(body)?.[1]?.replaceAll('&amp;', '&');

    test('fifty on a page, in the order of their addresses, none twice and none left out', async () => {
      const seen: string[] = [];
      let path: string | undefined = PEOPLE;
      const lengths: number[] = [];
      while (path) {
        const { body, status } = await browser.get(path);
        expect(status).toBe(200);
        seen.push(...addresses(body));
        lengths.push(addresses(body).length);
        path = nextOf(body);
      }
      expect(lengths).toEqual([50, 50, 21]);
      expect(seen).toEqual([...new Set(seen)].sort());
      expect(seen).toHaveLength(121);
    });

    test('a search finds in names and addresses, whatever the case and the accents', async () => {
      const find = async (text: string) =>
        addresses((await browser.get(`${PEOPLE}?${new URLSearchParams({ q: text })}`)).body);
      const joses = ['p007@example.org', 'p047@example.org', 'p087@example.org'];
      for (const text of ['jose', 'JOSÉ', ' angel  jose ', 'José']) {
        expect([text, await find(text)]).toEqual([text, joses]);
      }
      expect(await find('P047@Example.org')).toEqual(['p047@example.org']);
      expect(await find('p04')).toHaveLength(10);
      for (const text of ['%', '_', "'", '\\', '\u0000', 'nobody']) expect(await find(text)).toEqual([]);
    });

    test('what was searched for goes on to the next page; nobody found is said', async () => {
      const first = await browser.get(`${PEOPLE}?q=somebody`);
      expect(first.field('q')).toBe('somebody');
      expect(addresses(first.body)).toHaveLength(50);
      const second = await browser.get(nextOf(first.body)!);
      expect(addresses(second.body)).toHaveLength(50);
      const third = await browser.get(nextOf(second.body)!);
      expect(addresses(third.body)).toHaveLength(17);
      expect(nextOf(third.body)).toBeUndefined();
      const none = await browser.get(`${PEOPLE}?q=%3Cb%3Enobody`);
      expect(textOf(none.body)).toContain('Nobody’s name or address begins with “<b>nobody”.');
      expect(none.body).not.toContain('<b>nobody');
    });

    test('a search that has looked far enough stops, and goes on from there', async () => {
      const { db: all } = house.app.database;
      await all.updateTable('account').set({ suspended_at: 1 }).where('email', 'like', 'p11%').execute();
      const found: string[] = [];
      let after = '';
      let requests = 0;
      for (let next: string | null = ''; next !== null; requests++) {
        const { db } = house.app.database;
        const wanted = { text: 'somebody', show: { state: 'suspended' }, after } as const;
        const part = await findPeople(db, wanted, 0, { slice: 7, slices: 3 });
        found.push(...part.people.map(({ email }) => email));
        next = part.next;
        after = next ?? '';
      }
      const those = [110, 111, 112, 113, 114, 115, 116, 117, 118, 119].map((n) => `p${n}@example.org`);
      expect(found.sort()).toEqual(those);
      expect(requests).toBe(6);
    });

    test('words of a name, of the part before the @ and the end of an address go together', async () => {
      const find = async (text: string) =>
        addresses((await browser.get(`${PEOPLE}?${new URLSearchParams({ q: text })}`)).body);
      expect(await find('angel p08')).toEqual(['p087@example.org']);
      expect(await find('p04 @example.org')).toHaveLength(10);
      expect(await find('@example.com')).toEqual([]);
      expect(await find('p11@ex')).toEqual([]);
      expect(await find('p011@ex')).toEqual(['p011@example.org']);
      expect(await find('@example.org')).toHaveLength(50);
    });

    test('who is renamed or changes the address is found by the new one, and no longer by the old', async () => {
      const find = async (text: string) =>
        addresses((await browser.get(`${PEOPLE}?${new URLSearchParams({ q: text })}`)).body);
      const { person, browser: own } = await addProtectedPerson(house, {
        email: 'zoe@example.org',
        name: 'Zoë Q',
      });
      expect(await find('zoe')).toEqual(['zoe@example.org']);
      await own.submit('/account', { name: 'Quentin Tarrant' });
      expect(await find('tarr')).toEqual(['zoe@example.org']);
      await own.post('/account/email', { email: 'quentin@example.org' });
      await own.post('/email-change', {
        token: tokenOf(await house.link('quentin@example.org', '/email-change')),
      });
      expect(await find('quen')).toEqual(['quentin@example.org']);
      expect(await find('zoe')).toEqual([]);
      expect(await find('quentin@')).toEqual(['quentin@example.org']);
      const words = db().selectFrom('account_word').select('word').where('account_id', '=', person.id);
      expect((await words.orderBy('word').execute()).map(({ word }) => word)).toEqual(['quentin', 'tarrant']);
    });

    test('lists of who is without 2FA, suspended, an administrator, invited, or in a group go over pages', async () => {
      const change = (numbers: number[], values: object) =>
        db()
          .updateTable('account')
          .set(values)
          .where(
            'email',
            'in',
            numbers.map((n) => `p${String(n).padStart(3, '0')}@example.org`),
          )
          .execute();
      await change([3, 5], { suspended_at: 1 });
      await change([7, 9], { two_factor_at: 1 });
      await change([9], { roles: 'publisher' });
      await change([11, 12], { password_hash: null });
      const group = { id: newId(house.app.deps.random), name: 'Sales', name_key: 'sales', created_at: 1 };
      await db().insertInto('people_group').values(group).execute();
      const members = await db().selectFrom('account').select('id').where('email', '<', 'p060').execute();
      await db()
        .insertInto('group_member')
        .values(members.map(({ id }) => ({ group_id: group.id, account_id: id, created_at: 1 })))
        .execute();

      async function walk(query: string): Promise<string[]> {
        const seen: string[] = [];
        let path: string | undefined = `${PEOPLE}?${query}`;
        while (path) {
          const { body, status } = await browser.get(path);
          expect(status).toBe(200);
          seen.push(...addresses(body));
          path = nextOf(body);
        }
        expect(seen).toEqual([...new Set(seen)]);
        return seen;
      }
      expect(await walk('show=suspended')).toEqual(['p003@example.org', 'p005@example.org']);
      expect(await walk('show=administrators')).toEqual(['boss@example.org']);
      expect(await walk('show=invited')).toEqual(['p011@example.org', 'p012@example.org']);
      const without = await walk('show=unprotected');
      expect(without).toHaveLength(118);
      expect(without).toEqual([...without].sort());
      expect(without).not.toContain('p007@example.org');
      const inGroup = await walk(`show=group:${group.id}`);
      expect(inGroup).toHaveLength(61);
      expect(inGroup).toEqual([...inGroup].sort());
      expect(await walk(`show=group:${group.id}&q=jose`)).toEqual(['p007@example.org', 'p047@example.org']);
      expect(await walk('show=suspended&q=p00')).toEqual(['p003@example.org', 'p005@example.org']);
      expect(await walk('show=suspended&q=p003@example.org')).toEqual(['p003@example.org']);
      expect(await walk('show=suspended&q=p007@example.org')).toEqual([]);
      expect(await walk('show=group:nosuch')).toEqual([]);
      expect(await walk('show=%00')).toHaveLength(121);
      expect(textOf((await browser.get(`${PEOPLE}?show=group:nosuch`)).body)).toContain(
        'There is nobody of this kind.',
      );
    });

    test('a place that there is not begins at the start', async () => {
      for (const after of ['nobody', '%00', "'", 'x'.repeat(500), '&after=1']) {
        const { status, body } = await browser.get(`${PEOPLE}?after=${after}`);
        expect([after, status, addresses(body)[0]]).toEqual([after, 200, 'boss@example.org']);
      }
    });
  });
});
