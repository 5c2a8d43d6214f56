import { describe, expect, test } from 'vitest';
import { NO_SETTINGS } from '../../src/clients/client.ts';
import { insertClient, mayEnter, updateClient } from '../../src/clients/store.ts';
import { addMember, removeGroup } from '../../src/groups/change-groups.ts';
import type { Group } from '../../src/groups/store.ts';
import { requireTwoFactor } from '../../src/policy/change-two-factor-rule.ts';
import { somebody } from '../kit/attack-kit.ts';
import type { Page } from '../kit/browser.ts';
import { sample } from '../kit/builds.ts';
import { ENGINES, type House } from '../kit/house.ts';
import { newGroup } from '../kit/rules-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { appWithBuild, publisher } from '../kit/store-people.ts';

// A group that goes while something is about to name it.

const operator = (house: House) => ({
  place: { now: house.clock.now(), network: '', browser: '', requestId: '' },
  actor: 'operator',
});
const remove = (house: House, { id }: Group) => removeGroup(house.app.deps, operator(house), id);
const soon = () => new Promise((resolve) => setTimeout(resolve, 300));

/** An app that only the people of these groups may enter. */
async function appFor(house: House, id: string, ...groups: readonly Group[]) {
  const kind = 'oidc' as const;
  const settings = { ...NO_SETTINGS, name: id, redirectUris: [`https://${id}.example.org/callback`] };
  const app = { ...settings, groupIds: groups.map((group) => group.id) };
  const { database } = house.app;
  await database.transaction((tx) =>
    insertClient(tx, { ...app, id, kind, secretHash: 'x', now: house.clock.now() }),
  );
  return app;
}

describe('a group goes at that very moment, on postgres', () => {
  const house = sharedHouse({ engine: 'postgres' });

  test('R71: an app that is just being closed to all but its people does not open to everybody', async () => {
    const { db } = house.app.database;
    const stranger = await somebody(house);
    const [staff, board] = [await newGroup(house, 'Staff'), await newGroup(house, 'Board')];
    const wiki = await appFor(house, 'wiki', staff);
    let removing: Promise<unknown> = Promise.resolve();
    await db.transaction().execute(async (tx) => {
      await updateClient(tx, 'wiki', { ...wiki, groupIds: [board.id] });
      removing = remove(house, board).catch((error: unknown) => error);
      await soon();
    });
    expect(await removing).toMatchObject({ code: 'group_guards_app' });
    expect(await mayEnter(db, 'wiki', stranger.id)).toBe(false);
  });

  test('R83: a rule for a group that goes at that moment is refused, and no fault', async () => {
    const group = await newGroup(house, 'Going');
    const { database, deps } = house.app;
    let setting: Promise<unknown> = Promise.resolve();
    await database.db.transaction().execute(async (tx) => {
      await tx.deleteFrom('people_group').where('id', '=', group.id).execute();
      setting = database
        .transaction((own) =>
          requireTwoFactor(own, deps, operator(house), { group: group.id, from: 0, stopped: 0 }),
        )
        .catch((error: unknown) => error);
      await soon();
    });
    expect(await setting).toMatchObject({ code: 'not_found' });
  });

  test('R83: a build that is being published for it is refused, and no fault', async () => {
    const { browser } = await publisher(house);
    const { manage } = await appWithBuild(browser, 'notes', sample('zip'));
    const group = await newGroup(house, 'Testers');
    let publishing: Promise<Page> | undefined;
    await house.app.database.db.transaction().execute(async (tx) => {
      await tx.deleteFrom('people_group').where('id', '=', group.id).execute();
      publishing = browser.post(`${manage}/publish`, { audience: 'groups', groups: group.id });
      await soon();
    });
    expect((await publishing)?.status).toBe(422);
  });
});

describe.each(ENGINES)(
  'R83: what names a group that has just gone is refused and no fault, on %s',
  (engine) => {
    const house = sharedHouse({ engine });

    test('somebody is added to it', async () => {
      const person = await somebody(house);
      const group = await newGroup(house, 'Gone');
      await remove(house, group);
      const { db, transaction } = house.app.database;
      const account = await db
        .selectFrom('account')
        .select(['id', 'pseudonym'])
        .where('id', '=', person.id)
        .executeTakeFirstOrThrow();
      const adding = transaction((tx) => addMember(tx, operator(house), group, account));
      await expect(adding).rejects.toMatchObject({ code: 'not_found' });
    });
  },
);
