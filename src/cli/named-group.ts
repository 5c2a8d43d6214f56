import type { Deps } from '../deps.ts';
import { groupName } from '../groups/name.ts';
import { findGroupByKey, type Group } from '../groups/store.ts';
import { type Call, CommandRefused } from './command.ts';

/** What `--group` names; null: everybody. @throws {CommandRefused} not_found */
export async function namedGroup({ database }: Deps, call: Call): Promise<Group | null> {
  const name = call.option('group');
  if (name === undefined) return null;
  const read = groupName(name);
  const group = read && (await findGroupByKey(database.db, read.key));
  if (!group) throw new CommandRefused('not_found', `There is no group called "${name}".`);
  return group;
}
