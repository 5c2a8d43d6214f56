import { type Insertable, type Selectable, sql } from 'kysely';
import type { Db, Tx } from '../database/open.ts';
import { isPostgres } from '../database/prepared.ts';
import type { BuildTable } from '../database/tables/app-store.ts';
import type { Build } from './app.ts';

/** `bundle` is kept as JSON. */
export function asBuild(row: Selectable<BuildTable>): Build {
  return {
    ...row,
    platform: row.platform as Build['platform'],
    format: row.format as Build['format'],
    bundle: row.bundle === null ? null : JSON.parse(row.bundle),
  };
}

/** A build of that app; another one's is not found (R71). */
export async function findBuild(db: Db, appId: string, id: string): Promise<Build | null> {
  const query = db.selectFrom('build').selectAll().where('id', '=', id).where('app_id', '=', appId);
  const row = await query.executeTakeFirst();
  return row ? asBuild(row) : null;
}

/** Newest first. */
export async function listBuilds(db: Db, appId: string): Promise<Build[]> {
  const rows = await db
    .selectFrom('build')
    .selectAll()
    .where('app_id', '=', appId)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(asBuild);
}

/** Where one page of builds begins: after the build of this instant and id. */
export interface BuildPlace {
  readonly createdAt: number;
  readonly id: string;
}

/** One page, newest first. `version` null: of all of them. `after` null: the first page. */
export async function listBuildsAfter(
  db: Db,
  appId: string,
  version: string | null,
  after: BuildPlace | null,
  count: number,
): Promise<Build[]> {
  let query = db.selectFrom('build').selectAll().where('app_id', '=', appId);
  if (version !== null) query = query.where('version', '=', version);
  if (after !== null) {
    query = query.where((eb) =>
      eb.or([
        eb('created_at', '<', after.createdAt),
        eb.and([eb('created_at', '=', after.createdAt), eb('id', '>', after.id)]),
      ]),
    );
  }
  const rows = await query.orderBy('created_at', 'desc').orderBy('id').limit(count).execute();
  return rows.map(asBuild);
}

/** What counts towards the quota: how many of this app, and the bytes of all apps. */
export async function measureBuilds(
  db: Db,
  appId: string,
): Promise<{ readonly ofApp: number; readonly bytes: number }> {
  const { ofApp, bytes } = await db
    .selectFrom('build')
    .select((eb) => [
      eb.fn.coalesce(eb.fn.sum<number>('size'), eb.lit(0)).as('bytes'),
      eb.fn.countAll<number>().filterWhere('app_id', '=', appId).as('ofApp'),
    ])
    .executeTakeFirstOrThrow();
  return { ofApp: Number(ofApp), bytes: Number(bytes) };
}

/** Of two uploads that end at once the second sees what the first has taken of the quota. SQLite's writer is alone anyway. */
export async function lockQuota(tx: Tx): Promise<void> {
  if (isPostgres(tx)) await sql`select pg_advisory_xact_lock(hashtext('countersign/build'))`.execute(tx);
}

export async function insertBuild(tx: Tx, build: Insertable<BuildTable>): Promise<void> {
  await tx.insertInto('build').values(build).execute();
}

export async function deleteBuildRow(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('build').where('id', '=', id).executeTakeFirst();
  return numDeletedRows === 1n;
}

export async function countDownload(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('build')
    .set((eb) => ({ downloads: eb('downloads', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

/** Of all apps, newest first. */
export async function listBuildIds(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('build')
    .select('id')
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Of these files, those that belong to a build. */
export async function knownBuilds(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.selectFrom('build').select('id').where('id', 'in', ids).execute();
  return new Set(rows.map(({ id }) => id));
}
