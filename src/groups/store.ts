import type { Db, Tx } from '../database/open.ts';
import { isPostgres } from '../database/prepared.ts';
import { pause } from '../kit/pause.ts';

export interface Group {
  readonly id: string;
  readonly name: string;
}

export interface CountedGroup extends Group {
  readonly members: number;
}

function standing(db: Pick<Db, 'selectFrom'>) {
  return db.selectFrom('people_group').select(['id', 'name']).where('removed_at', 'is', null);
}

/** By name. */
export async function listGroups(db: Db): Promise<Group[]> {
  return standing(db).orderBy('name_key').execute();
}

/** With how many belong to each: for who wants to know, since half a million are counted one by one. */
export async function listCountedGroups(db: Db): Promise<CountedGroup[]> {
  const counted: CountedGroup[] = [];
  for (const group of await listGroups(db)) {
    counted.push({ ...group, members: await countMembers(db, group.id) });
    // Between two groups the others have their turn.
    await pause(0);
  }
  return counted;
}

async function countMembers(db: Db, groupId: string): Promise<number> {
  const { count } = await db
    .selectFrom('group_member')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('group_id', '=', groupId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Without counting them. */
export async function hasMoreMembers(db: Db, groupId: string, than: number): Promise<boolean> {
  const beyond = db.selectFrom('group_member').select('account_id').where('group_id', '=', groupId);
  return (await beyond.limit(1).offset(than).executeTakeFirst()) !== undefined;
}

/** `nameKey` is what `groupName` made of a name. */
export async function findGroupByKey(db: Db, nameKey: string): Promise<Group | null> {
  return (await standing(db).where('name_key', '=', nameKey).executeTakeFirst()) ?? null;
}

export async function findGroup(db: Db, id: string): Promise<Group | null> {
  return (await standing(db).where('id', '=', id).executeTakeFirst()) ?? null;
}

/** From now until this transaction ends nothing new can name it. -> false for none */
export async function lockGroup(tx: Tx, id: string): Promise<boolean> {
  const query = standing(tx).where('id', '=', id);
  return (await (isPostgres(tx) ? query.forUpdate() : query).executeTakeFirst()) !== undefined;
}

/** The groups of one person, by name. */
export async function listGroupsOf(db: Db, accountId: string): Promise<Group[]> {
  return db
    .selectFrom('group_member')
    .innerJoin('people_group', 'people_group.id', 'group_member.group_id')
    .select(['people_group.id', 'people_group.name'])
    .where('group_member.account_id', '=', accountId)
    .where('people_group.removed_at', 'is', null)
    .orderBy('people_group.name_key')
    .execute();
}

export async function insertGroup(
  tx: Tx,
  group: { id: string; name: string; name_key: string; created_at: number },
): Promise<void> {
  await tx.insertInto('people_group').values(group).execute();
}

export async function renameGroupRow(tx: Tx, id: string, name: string, nameKey: string): Promise<void> {
  await tx.updateTable('people_group').set({ name, name_key: nameKey }).where('id', '=', id).execute();
}

/** So many members leave it at once; for more, everybody would have to wait on SQLite. */
const MOST_AT_ONCE = 2_000;

/** Its memberships, rules and audiences go with it: of a large one at once what names it, its memberships by and by. */
export async function deleteGroup(tx: Tx, id: string, now: number): Promise<boolean> {
  if (await hasMoreMembers(tx, id, MOST_AT_ONCE)) return markRemoved(tx, id, now);
  const { numDeletedRows } = await tx.deleteFrom('people_group').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Its name is free again. */
async function markRemoved(tx: Tx, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('people_group')
    .set({ removed_at: now, name_key: `removed/${id}` })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  for (const table of ['two_factor_rule', 'client_group', 'publication_group'] as const)
    await tx.deleteFrom(table).where('group_id', '=', id).execute();
  return numUpdatedRows > 0n;
}

/** After a group was named: false where one of these was removed meanwhile. On PostgreSQL, naming one waits for that. */
export async function areStanding(tx: Tx, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return true;
  return (await standing(tx).where('id', 'in', ids).execute()).length === new Set(ids).size;
}

/** -> false for somebody who belonged already. */
export async function insertMember(
  tx: Tx,
  member: { group_id: string; account_id: string; created_at: number },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('group_member')
    .values(member)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function deleteMember(tx: Tx, groupId: string, accountId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('group_member')
    .where('group_id', '=', groupId)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** In no order that a person would know; as quick at the millionth as at the first. `after`: an account id. */
export async function listMemberIds(
  db: Db,
  groupId: string,
  { after, count }: { after: string; count: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('group_member')
    .select('account_id')
    .where('group_id', '=', groupId)
    .where('account_id', '>', after)
    .orderBy('account_id')
    .limit(count)
    .execute();
  return rows.map(({ account_id }) => account_id);
}

/** Of these accounts, those that belong. */
export async function membersAmong(
  db: Db,
  groupId: string,
  accountIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (accountIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('group_member')
    .select('account_id')
    .where('group_id', '=', groupId)
    .where('account_id', 'in', accountIds)
    .execute();
  return new Set(rows.map(({ account_id }) => account_id));
}
