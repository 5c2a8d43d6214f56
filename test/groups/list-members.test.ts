import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listMembersAfter } from '../../src/groups/list-members.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { somebodyWaits } from '../kit/turns.ts';

const everybody = Array.from({ length: 40 }, (_, index) => `person-${index}@example.org`).sort();
/** Every fourth belongs. */
const belonging = everybody.filter((_, index) => index % 4 === 1);
const SMALL = { sorted: 100, step: 3, looks: 2 };
const LARGE = { sorted: 5, step: 4, looks: 2 };

describe.each(ENGINES)('on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
    const { db } = house.app.database;
    // Ids in another order than addresses.
    const idOf = (address: string) => `${(everybody.indexOf(address) * 17) % 40}`.padStart(32, '0');
    const accounts = everybody.map((email) => ({
      id: idOf(email),
      pseudonym: `p-${email}`,
      email,
      name: email,
      roles: '',
      created_at: 0,
    }));
    await db.insertInto('account').values(accounts).execute();
    const addresses = accounts.map(({ id, email }) => ({
      address_key: email,
      account_id: id,
      address: email,
      kind: 'primary' as const,
      created_at: 0,
    }));
    const second = { ...addresses[1]!, address_key: 'a@example.org', kind: 'recovery' as const };
    await db
      .insertInto('email_address')
      .values([...addresses, second])
      .execute();
    await db
      .insertInto('people_group')
      .values({ id: 'g', name: 'G', name_key: 'g', created_at: 0 })
      .execute();
    const members = belonging.map((email) => ({ group_id: 'g', account_id: idOf(email), created_at: 0 }));
    await db.insertInto('group_member').values(members).execute();
  });
  afterEach(() => house.close());

  const page = async (reach: typeof SMALL, after = '', count = 3) => {
    const { db } = house.app.database;
    const { members, next } = await listMembersAfter(db, 'g', { after, count }, reach);
    return { emails: members.map(({ email }) => email), next };
  };

  test.each([
    ['small', SMALL],
    ['large', LARGE],
  ])('a %s group: everybody once, by address, whatever the pages', async (_size, reach) => {
    for (const count of [1, 2, 3, 10, 200]) {
      const found: string[] = [];
      for (let after: string | null = ''; after !== null; ) {
        const { emails, next }: Awaited<ReturnType<typeof page>> = await page(reach, after, count);
        expect(emails.length).toBeLessThanOrEqual(count);
        found.push(...emails);
        after = next;
      }
      expect(found).toEqual(belonging);
    }
  });

  test('a small group is sorted, and a page is short only at the end', async () => {
    expect(await page(SMALL, belonging[6], 3)).toEqual({ emails: belonging.slice(7), next: null });
    expect(await page(SMALL, '', 3)).toEqual({ emails: belonging.slice(0, 3), next: belonging[2] });
  });

  test('of a large one a part of everybody is looked at, and others have their turn in between', async () => {
    const turns = somebodyWaits();
    expect(await page(LARGE)).toEqual({ emails: belonging.slice(0, 2), next: everybody[7] });
    expect(turns()).toBe(1);
  });
});
