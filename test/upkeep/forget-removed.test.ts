import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClient, removeClient } from '../../src/clients/change-clients.ts';
import { NO_SETTINGS } from '../../src/clients/client.ts';
import { listConnectedApps } from '../../src/clients/consent-store.ts';
import { findClient, listClients } from '../../src/clients/store.ts';
import { addMember, createGroup, removeGroup } from '../../src/groups/change-groups.ts';
import { findGroup, listGroups, listGroupsOf } from '../../src/groups/store.ts';
import { requireTwoFactor } from '../../src/policy/change-two-factor-rule.ts';
import { requiredFrom } from '../../src/policy/demand.ts';
import { forgetRemoved } from '../../src/upkeep/forget-removed.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';

/** More than goes at once, and more than one look passes. */
const MANY = 2_100;
const ids = Array.from({ length: MANY }, (_, index) => `${(index * 7919) % MANY}`.padStart(32, '0'));
const [ANN = ''] = ids;

// An app or a group of a great many people: gone for everybody at once, its rows a few at a time.
describe.each(ENGINES)('on %s', (engine) => {
  let house: House;
  const by = () => ({
    place: { now: house.clock.now(), network: '', browser: '', requestId: '' },
    actor: 'operator',
  });
  const db = () => house.app.database.db;

  beforeEach(async () => {
    house = await openHouse({ engine });
    const people = ids.map((id) => ({
      id,
      pseudonym: `p${id}`,
      email: `${id}@example.org`,
      name: id,
      roles: '',
      created_at: 0,
    }));
    for (const part of inParts(people)) await db().insertInto('account').values(part).execute();
  });
  afterEach(() => house.close());

  const inParts = <T>(all: T[]) =>
    Array.from({ length: Math.ceil(all.length / 300) }, (_, part) => all.slice(part * 300, part * 300 + 300));

  /** How many rows one transaction of this work removes at most, of a table. */
  async function mostAtOnce(table: 'group_member' | 'app_consent', work: () => Promise<unknown>) {
    const { database } = house.app;
    const count = async () => (await db().selectFrom(table).select('account_id').execute()).length;
    let most = 0;
    const watched = {
      ...database,
      async transaction(step: Parameters<typeof database.transaction>[0]) {
        const before = await count();
        const done = await database.transaction(step);
        most = Math.max(most, before - (await count()));
        return done;
      },
    };
    Object.assign(house.app.deps, { database: watched });
    await work();
    Object.assign(house.app.deps, { database });
    return most;
  }

  async function largeGroup() {
    const { deps } = house.app;
    const { id } = await createGroup(deps, by(), 'Everybody here');
    for (const part of inParts(ids))
      await db()
        .insertInto('group_member')
        .values(part.map((account_id) => ({ group_id: id, account_id, created_at: 0 })))
        .execute();
    return id;
  }

  test('a group: nobody belongs to it any more, no rule of it holds, and its name is free', async () => {
    const { deps, database } = house.app;
    const id = await largeGroup();
    const rule = { group: id, from: 0, stopped: 0 };
    await database.transaction((tx) => requireTwoFactor(tx, deps, by(), rule));
    expect(await requiredFrom(db(), ANN)).not.toBeNull();
    const removing = () => removeGroup(deps, by(), id);
    expect(await mostAtOnce('group_member', removing)).toBe(0);
    expect(await findGroup(db(), id)).toBeNull();
    expect([...(await listGroups(db())), ...(await listGroupsOf(db(), ANN))]).toEqual([]);
    expect(await requiredFrom(db(), ANN)).toBeNull();
    await expect(removing()).rejects.toMatchObject({ code: 'not_found' });
    await createGroup(deps, by(), 'Everybody here');

    expect(await mostAtOnce('group_member', () => forgetRemoved(deps.database))).toBeLessThanOrEqual(200);
    expect(await db().selectFrom('group_member').select('account_id').execute()).toEqual([]);
    expect(await db().selectFrom('people_group').select('id').execute()).toHaveLength(1);
  });

  test('what would name such a group at that moment is refused: an app would open to everybody later', async () => {
    const { deps, database } = house.app;
    const id = await largeGroup();
    const settings = {
      ...NO_SETTINGS,
      name: 'Wiki',
      redirectUris: ['https://wiki.example.org/'],
      groupIds: [id],
    };
    await removeGroup(deps, by(), id);
    await expect(createClient(deps, by(), 'oidc', false, settings)).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const somebody = { id: ANN, pseudonym: `p${ANN}` };
    await db().deleteFrom('group_member').where('account_id', '=', ANN).execute();
    const adding = database.transaction((tx) => addMember(tx, by(), { id, name: '' }, somebody));
    await expect(adding).rejects.toMatchObject({ code: 'not_found' });
  });

  test('R84: one that an instance of the version before let an app in by stays, lest the app open to everybody', async () => {
    const { deps } = house.app;
    const id = await largeGroup();
    const settings = { ...NO_SETTINGS, name: 'Wiki', redirectUris: ['https://wiki.example.org/'] };
    const { clientId } = await createClient(deps, by(), 'oidc', false, settings);
    await removeGroup(deps, by(), id);
    await db().insertInto('client_group').values({ client_id: clientId, group_id: id }).execute();
    await forgetRemoved(deps.database);
    expect(await findClient(db(), clientId)).toMatchObject({ groupIds: [id] });

    await removeClient(deps, by(), clientId);
    await forgetRemoved(deps.database);
    expect(await db().selectFrom('people_group').select('id').execute()).toEqual([]);
  });

  test('an app: nobody finds it, and what it was given goes a few rows at a time', async () => {
    const { deps } = house.app;
    const settings = { ...NO_SETTINGS, name: 'Wiki', redirectUris: ['https://wiki.example.org/'] };
    const { clientId } = await createClient(deps, by(), 'oidc', false, settings);
    const { clientId: other } = await createClient(deps, by(), 'oidc', false, { ...settings, name: 'Other' });
    const consents = ids.map((account_id) => ({
      account_id,
      client_id: clientId,
      scope: 'openid',
      claims: '',
      created_at: 0,
      last_used_at: 0,
    }));
    const kept = { ...consents[0]!, client_id: other };
    for (const part of inParts([...consents, kept]))
      await db().insertInto('app_consent').values(part).execute();
    expect(await mostAtOnce('app_consent', () => removeClient(deps, by(), clientId))).toBe(0);
    expect(await findClient(db(), clientId)).toBeNull();
    // An instance of the version before finds it, and nobody can sign in through it (R84).
    const row = db().selectFrom('client').select(['redirect_uris', 'secret_hash', 'home_url', 'scopes']);
    expect(await row.where('id', '=', clientId).executeTakeFirst()).toEqual({
      redirect_uris: '[]',
      secret_hash: null,
      home_url: null,
      scopes: '',
    });
    expect((await listClients(db())).map(({ name }) => name)).toEqual(['Other']);
    expect((await listConnectedApps(db(), ANN)).map(({ name }) => name)).toEqual(['Other']);

    expect(await mostAtOnce('app_consent', () => forgetRemoved(deps.database))).toBeLessThanOrEqual(200);
    expect(await db().selectFrom('app_consent').select('client_id').execute()).toEqual([
      { client_id: other },
    ]);
    expect(await db().selectFrom('client').select('id').execute()).toEqual([{ id: other }]);
  });
});
