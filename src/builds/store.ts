import type { Insertable, Updateable } from 'kysely';
import type { Db, Tx } from '../database/open.ts';
import { isPostgres } from '../database/prepared.ts';
import type { AppTable } from '../database/tables/app-store.ts';
import type { App } from './app.ts';
import type { Icon } from './icon.ts';

export async function findApp(db: Db, slug: string): Promise<App | null> {
  return (await db.selectFrom('app').selectAll().where('slug', '=', slug).executeTakeFirst()) ?? null;
}

/** The same, and it stays as it is until this transaction ends. */
export async function lockAppRow(tx: Tx, slug: string): Promise<App | null> {
  const query = tx.selectFrom('app').selectAll().where('slug', '=', slug);
  return (await (isPostgres(tx) ? query.forUpdate() : query).executeTakeFirst()) ?? null;
}

/** By name. `ownerId` null: of everybody. */
export async function listApps(db: Db, ownerId: string | null): Promise<App[]> {
  let query = db.selectFrom('app').selectAll();
  if (ownerId !== null) query = query.where('owner_id', '=', ownerId);
  return query.orderBy('name').orderBy('id').execute();
}

/** One page, by address. */
export async function listAppsAfter(db: Db, after: string, count: number): Promise<App[]> {
  const query = db.selectFrom('app').selectAll().where('slug', '>', after);
  return query.orderBy('slug').limit(count).execute();
}

/** App id -> how many builds it has, and how many of them are offered to somebody. */
export async function countBuilds(
  db: Db,
): Promise<ReadonlyMap<string, { readonly builds: number; readonly live: number }>> {
  const rows = await db
    .selectFrom('build')
    .leftJoin('publication', (join) =>
      join.onRef('publication.build_id', '=', 'build.id').on('publication.withdrawn_at', 'is', null),
    )
    .select('build.app_id')
    .select((eb) => [
      eb.fn.count<number>('build.id').as('builds'),
      eb.fn.count<number>('publication.id').as('live'),
    ])
    .groupBy('build.app_id')
    .execute();
  return new Map(rows.map((row) => [row.app_id, { builds: Number(row.builds), live: Number(row.live) }]));
}

export async function insertApp(tx: Tx, app: Insertable<AppTable>): Promise<void> {
  await tx.insertInto('app').values(app).execute();
}

export async function updateApp(
  tx: Tx,
  id: string,
  change: Pick<Updateable<AppTable>, 'name' | 'description'>,
): Promise<void> {
  await tx.updateTable('app').set(change).where('id', '=', id).execute();
}

/** Its builds and their publications go with it; their files are the caller's to remove. */
export async function deleteAppRow(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('app').where('id', '=', id).execute();
}

/** Null takes the picture away. */
export async function putIcon(tx: Tx, appId: string, icon: Icon | null): Promise<void> {
  await tx.deleteFrom('app_icon').where('app_id', '=', appId).execute();
  if (icon) await tx.insertInto('app_icon').values({ app_id: appId, png: icon.png }).execute();
  await tx
    .updateTable('app')
    .set({ icon_hash: icon?.hash ?? null })
    .where('id', '=', appId)
    .execute();
}

export async function findIcon(db: Db, appId: string): Promise<Buffer | null> {
  const row = await db.selectFrom('app_icon').select('png').where('app_id', '=', appId).executeTakeFirst();
  return row ? Buffer.from(row.png, 'base64') : null;
}
