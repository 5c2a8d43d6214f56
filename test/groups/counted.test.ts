import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGroup } from '../../src/groups/change-groups.ts';
import { insertMember, listCountedGroups } from '../../src/groups/store.ts';
import { type House, openHouse } from '../kit/house.ts';
import { addPerson } from '../kit/people.ts';
import { somebodyWaits } from '../kit/turns.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

test('groups of half a million are counted one by one: others have their turn in between', async () => {
  const { deps, database } = house.app;
  const place = { now: deps.clock.now(), network: '', browser: '', requestId: '' };
  const person = await addPerson(house);
  for (const name of ['Staff', 'Admins', 'Nobody']) {
    const { id } = await createGroup(deps, { place, actor: 'operator' }, name);
    const member = { group_id: id, account_id: person.id, created_at: place.now };
    if (name !== 'Nobody') await database.transaction((tx) => insertMember(tx, member));
  }
  const turns = somebodyWaits();
  const groups = await listCountedGroups(database.db);
  expect(groups.map(({ name, members }) => [name, members])).toEqual([
    ['Admins', 1],
    ['Nobody', 0],
    ['Staff', 1],
  ]);
  expect(turns()).toBe(1);
});
