import { describe, expect, test } from 'vitest';
import { NO_SETTINGS } from '../../src/clients/client.ts';
import { mayEnter, updateClient } from '../../src/clients/store.ts';
import { program } from '../kit/api-kit.ts';
import { somebody } from '../kit/attack-kit.ts';
import { newGroup } from '../kit/rules-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { appWithBuild, publisher, webApp } from '../kit/store-people.ts';

// An app that somebody else is changing at this moment.

const soon = () => new Promise((resolve) => setTimeout(resolve, 300));

describe('an app is changed at that very moment, on postgres', () => {
  const house = sharedHouse({ engine: 'postgres' });

  test('R71: a program that describes an app does not open it again to whom it is being closed', async () => {
    const { db } = house.app.database;
    const stranger = await somebody(house);
    const board = await newGroup(house, 'Board');
    const id = await webApp(house, { name: 'Wiki' });
    const zapier = await program(house);
    let describing: ReturnType<typeof zapier.call> | undefined;
    await db.transaction().execute(async (tx) => {
      const closed = { ...NO_SETTINGS, name: 'Wiki', acr: 'mfa' as const, groupIds: [board.id] };
      await updateClient(tx, id, { ...closed, redirectUris: ['https://wiki.example.org/cb'] });
      describing = zapier.call('changeApp', { params: { client_id: id }, body: { description: 'For all.' } });
      await soon();
    });
    expect((await describing)?.body).toMatchObject({
      description: 'For all.',
      acr: 'mfa',
      group_ids: [board.id],
      redirect_uris: ['https://wiki.example.org/cb'],
    });
    expect(await mayEnter(db, id, stranger.id)).toBe(false);
  });

  test('R71: nor does one that is just being removed come back', async () => {
    const { db } = house.app.database;
    const id = await webApp(house, { name: 'Board' });
    const zapier = await program(house);
    let describing: ReturnType<typeof zapier.call> | undefined;
    await db.transaction().execute(async (tx) => {
      await tx
        .updateTable('client')
        .set({ removed_at: 1, redirect_uris: '[]' })
        .where('id', '=', id)
        .execute();
      describing = zapier.call('changeApp', { params: { client_id: id }, body: { description: 'For all.' } });
      await soon();
    });
    expect((await describing)?.status).toBe(404);
    const row = await db.selectFrom('client').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    expect(row.redirect_uris).toBe('[]');
  });

  test('what a publisher is just writing about an app stays when a program names it', async () => {
    const { db } = house.app.database;
    const { browser } = await publisher(house);
    await appWithBuild(browser, 'notes');
    const zapier = await program(house);
    let naming: ReturnType<typeof zapier.call> | undefined;
    await db.transaction().execute(async (tx) => {
      await tx.updateTable('app').set({ description: 'New.' }).where('slug', '=', 'notes').execute();
      naming = zapier.call('changeStoreApp', { params: { slug: 'notes' }, body: { name: 'Field Notes' } });
      await soon();
    });
    expect((await naming)?.body).toMatchObject({ name: 'Field Notes', description: 'New.' });
  });
});
