import type { Deps } from '../../deps.ts';
import { findGroup, type Group } from '../../groups/store.ts';
import { Refusal } from '../../kit/refusal.ts';
import { idIn } from '../ids.ts';

/** The one that a path names. @throws {Refusal} not_found */
export async function groupIn({ database }: Deps, params: Readonly<Record<string, string>>): Promise<Group> {
  const group = await findGroup(database.db, idIn(params));
  if (!group) throw new Refusal('not_found');
  return group;
}
