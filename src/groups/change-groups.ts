import type { Account } from '../accounts/account.ts';
import type { By } from '../audit/by.ts';
import { record } from '../audit/record.ts';
import { isForeignKeyViolation } from '../database/foreign-key-violation.ts';
import type { Tx } from '../database/open.ts';
import { isUniqueViolation } from '../database/unique-violation.ts';
import type { Deps } from '../deps.ts';
import { newId } from '../kit/random.ts';
import { Refusal, refuseField } from '../kit/refusal.ts';
import { groupName } from './name.ts';
import {
  areStanding,
  deleteGroup,
  deleteMember,
  findGroup,
  type Group,
  insertGroup,
  insertMember,
  lockGroup,
  renameGroupRow,
} from './store.ts';
import { lockClientsWith } from './uses.ts';

/** @throws {Refusal} invalid_input on `name`: group_name_invalid, group_name_taken */
export async function createGroup(deps: Deps, { place, actor }: By, text: string): Promise<Group> {
  const read = groupName(text);
  if (!read) throw refuseField('name', 'group_name_invalid');
  const group = { id: newId(deps.random), name: read.name };
  await deps.database.transaction(async (tx) => {
    await insertGroup(tx, { ...group, name_key: read.key, created_at: place.now }).catch(explainTaken);
    await record(tx, place, { event: 'group.created', subject: null, actor, detail: { group: group.id } });
  });
  return group;
}

/** @throws {Refusal} not_found, invalid_input on `name` */
export async function renameGroup(deps: Deps, { place, actor }: By, id: string, text: string): Promise<void> {
  const read = groupName(text);
  if (!read) throw refuseField('name', 'group_name_invalid');
  await deps.database.transaction(async (tx) => {
    if (!(await findGroup(tx, id))) throw new Refusal('not_found');
    await renameGroupRow(tx, id, read.name, read.key).catch(explainTaken);
    await record(tx, place, { event: 'group.renamed', subject: null, actor, detail: { group: id } });
  });
}

/**
 * What named it (rules, apps, publications) no longer does; its people stay. An app that lets in this group alone would
 * let in everybody without it, so that is refused. @throws {Refusal} not_found, group_guards_app
 */
export async function removeGroup(deps: Deps, { place, actor }: By, id: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    // Apps before the group, as whoever changes an app has them; and once more, for one that has named it meanwhile.
    await lockClientsWith(tx, id);
    if (!(await lockGroup(tx, id))) throw new Refusal('not_found');
    if ((await lockClientsWith(tx, id)).some(({ only }) => only)) throw new Refusal('group_guards_app');
    if (!(await deleteGroup(tx, id, place.now))) throw new Refusal('not_found');
    await record(tx, place, { event: 'group.removed', subject: null, actor, detail: { group: id } });
  });
}

/**
 * -> false for somebody who belonged already. Their next request is judged by it. @throws {Refusal} not_found where the
 * group, or the person, went meanwhile
 */
export async function addMember(
  tx: Tx,
  { place, actor }: By,
  group: Group,
  account: Pick<Account, 'id' | 'pseudonym'>,
): Promise<boolean> {
  const member = { group_id: group.id, account_id: account.id, created_at: place.now };
  if (!(await insertMember(tx, member).catch(explainGone))) return false;
  if (!(await areStanding(tx, [group.id]))) throw new Refusal('not_found');
  await record(tx, place, { event: 'group.joined', subject: account, actor, detail: { group: group.id } });
  return true;
}

/** -> false for somebody who did not belong. */
export async function removeMember(
  tx: Tx,
  { place, actor }: By,
  group: Group,
  account: Pick<Account, 'id' | 'pseudonym'>,
): Promise<boolean> {
  if (!(await deleteMember(tx, group.id, account.id))) return false;
  await record(tx, place, { event: 'group.left', subject: account, actor, detail: { group: group.id } });
  return true;
}

function explainGone(error: unknown): never {
  throw isForeignKeyViolation(error) ? new Refusal('not_found') : error;
}

function explainTaken(error: unknown): never {
  throw isUniqueViolation(error) ? refuseField('name', 'group_name_taken') : error;
}
