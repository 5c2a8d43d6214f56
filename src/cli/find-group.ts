import type { Db } from '../database/open.ts';
import { groupName } from '../groups/name.ts';
import { findGroupByKey, type Group } from '../groups/store.ts';
import { CommandRefused } from './command.ts';

/** By its name, written in whatever case. @throws {CommandRefused} not_found */
export async function findGroupByName(db: Db, text: string): Promise<Group> {
  const read = groupName(text);
  const group = read && (await findGroupByKey(db, read.key));
  if (!group) throw new CommandRefused('not_found', `There is no group "${text}".`);
  return group;
}
