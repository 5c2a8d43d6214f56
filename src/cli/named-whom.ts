import type { Client } from '../clients/client.ts';
import { findClient } from '../clients/store.ts';
import type { Deps } from '../deps.ts';
import { groupName } from '../groups/name.ts';
import { findGroupByKey, type Group } from '../groups/store.ts';
import { type Call, CommandRefused, WrongUsage } from './command.ts';

/** What `--group` names; null: everybody. @throws {CommandRefused} not_found */
export async function namedGroup({ database }: Deps, call: Call): Promise<Group | null> {
  const name = call.option('group');
  if (name === undefined) return null;
  const read = groupName(name);
  const group = read && (await findGroupByKey(database.db, read.key));
  if (!group) throw new CommandRefused('not_found', `There is no group called "${name}".`);
  return group;
}

/** What `--client` names: an app that people sign in to; null where nothing is said. @throws {CommandRefused} not_found */
export async function namedClient({ database }: Deps, call: Call): Promise<Client | null> {
  const id = call.option('client');
  if (id === undefined) return null;
  const client = await findClient(database.db, id);
  if (!client || client.kind === 'api')
    throw new CommandRefused('not_found', `There is no app with the id "${id}" that people sign in to.`);
  return client;
}

/** A rule is about a group or about an app. @throws {WrongUsage} */
export function assertOneWhom(call: Call): void {
  if (call.option('group') !== undefined && call.option('client') !== undefined)
    throw new WrongUsage('--group and --client cannot be used together');
}
