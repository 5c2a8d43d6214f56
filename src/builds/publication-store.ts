import type { Db, Tx } from '../database/open.ts';
import type { App, Offer, Publication } from './app.ts';
import { asBuild } from './build-store.ts';

/** What is offered to this person now, looked up anew on every request (R79). */
function offered(db: Db, accountId: string) {
  return db
    .selectFrom('publication')
    .innerJoin('build', 'build.id', 'publication.build_id')
    .where('publication.withdrawn_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('publication.everyone', '=', 1),
        eb.exists(
          eb
            .selectFrom('publication_group')
            .innerJoin('group_member', 'group_member.group_id', 'publication_group.group_id')
            .select('publication_group.group_id')
            .whereRef('publication_group.publication_id', '=', 'publication.id')
            .where('group_member.account_id', '=', accountId),
        ),
      ]),
    );
}

/** Of one app, what was published last first. Empty: for this person there is no such app. */
export async function listOffers(db: Db, appId: string, accountId: string): Promise<Offer[]> {
  const rows = await offered(db, accountId)
    .selectAll('build')
    .select('publication.created_at as published_at')
    .where('build.app_id', '=', appId)
    .orderBy('publication.created_at', 'desc')
    .orderBy('build.created_at', 'desc')
    .orderBy('build.id')
    .execute();
  return rows.map(({ published_at, ...row }) => ({ ...asBuild(row), published_at }));
}

export async function isOffered(db: Db, buildId: string, accountId: string): Promise<boolean> {
  const query = offered(db, accountId).select('build.id').where('build.id', '=', buildId);
  return (await query.executeTakeFirst()) !== undefined;
}

/** Every app of which something is offered to this person, by name, with the systems that it runs on. */
export async function listOfferedApps(
  db: Db,
  accountId: string,
): Promise<(App & { readonly platforms: readonly string[] })[]> {
  const rows = await offered(db, accountId)
    .innerJoin('app', 'app.id', 'build.app_id')
    .selectAll('app')
    .select('build.platform')
    .distinct()
    .orderBy('app.name')
    .orderBy('app.id')
    .execute();
  const apps = new Map<string, App & { platforms: string[] }>();
  for (const { platform, ...app } of rows) {
    const known = apps.get(app.id) ?? { ...app, platforms: [] };
    known.platforms.push(platform);
    apps.set(app.id, known);
  }
  return [...apps.values()];
}

/** All of an app, the withdrawn ones too; newest first. `buildIds`: of these builds alone. */
export async function listPublications(
  db: Db,
  appId: string,
  buildIds?: readonly string[],
): Promise<Publication[]> {
  const ofBuilds = db
    .selectFrom('publication')
    .innerJoin('build', 'build.id', 'publication.build_id')
    .where('build.app_id', '=', appId)
    .$if(buildIds !== undefined, (query) => query.where('build.id', 'in', buildIds ?? []));
  const rows = await ofBuilds
    .selectAll('publication')
    .orderBy('publication.created_at', 'desc')
    .orderBy('publication.id')
    .execute();
  const audiences = await ofBuilds
    .innerJoin('publication_group', 'publication_group.publication_id', 'publication.id')
    .innerJoin('people_group', 'people_group.id', 'publication_group.group_id')
    .select(['publication_group.publication_id', 'people_group.id', 'people_group.name'])
    .orderBy('people_group.name_key')
    .execute();
  const groups = Map.groupBy(audiences, ({ publication_id }) => publication_id);
  return rows.map((row) => ({
    ...row,
    everyone: row.everyone === 1,
    groups: (groups.get(row.id) ?? []).map(({ id, name }) => ({ id, name })),
  }));
}

export async function insertPublication(
  tx: Tx,
  publication: { id: string; build_id: string; everyone: boolean; created_at: number },
  groupIds: readonly string[],
): Promise<void> {
  const { id, build_id, everyone, created_at } = publication;
  await tx
    .insertInto('publication')
    .values({ id, build_id, everyone: everyone ? 1 : 0, created_at, withdrawn_at: null })
    .execute();
  const rows = groupIds.map((group_id) => ({ publication_id: id, group_id }));
  if (rows.length > 0) await tx.insertInto('publication_group').values(rows).execute();
}

/** -> false where the build was offered to nobody. */
export async function endPublication(tx: Tx, buildId: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('publication')
    .set({ withdrawn_at: now })
    .where('build_id', '=', buildId)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
