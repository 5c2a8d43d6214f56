import { noteImported } from '../accounts/hash-spread.ts';
import { holdChain } from '../audit/chain.ts';
import { nowhere } from '../audit/place.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import { isUniqueViolation } from '../database/unique-violation.ts';
import type { Deps } from '../deps.ts';
import { findGroupByKey, insertGroup, lockGroup } from '../groups/store.ts';
import { newId } from '../kit/random.ts';
import { BadFile } from './newcomer.ts';
import { countStaged, listConflicts, takeIn } from './store.ts';

/** A group that somebody else makes at the same moment costs one. */
const MOST_TRIES = 5;

/** What was gathered besides the staged rows: groups by key -> name; hashes, one for each kind -> how many. */
interface Coming {
  readonly from: string;
  readonly count: number;
  readonly groups: ReadonlyMap<string, string>;
  readonly kinds: ReadonlyMap<string, number>;
}

/** Makes real what was gathered aside. -> the rows whose address somebody took meanwhile: then nobody came in. */
export async function comeIn(deps: Deps, id: string, coming: Coming) {
  const { database } = deps;
  for (let tries = 1; ; tries++) {
    try {
      return await database.transaction(async (tx) => {
        const conflicts = await listConflicts(tx, id);
        if (conflicts.length > 0) return conflicts;
        await makeReal(tx, deps, id, coming);
        return [];
      });
    } catch (error) {
      // Two may ask for one address, or make one group, at the same time: the key of the table lets one win.
      if (!isUniqueViolation(error) || tries === MOST_TRIES) throw error;
      const conflicts = await listConflicts(database.db, id);
      if (conflicts.length > 0) return conflicts;
      // It was a group: now there is one.
    }
  }
}

async function makeReal(tx: Tx, deps: Deps, id: string, coming: Coming): Promise<void> {
  const { clock, random } = deps;
  const now = clock.now();
  // So many records at once would come too late for a chain that goes on meanwhile (`audit/chain.ts`).
  await holdChain(tx, id, now);
  if ((await countStaged(tx, id)) !== coming.count)
    throw new BadFile('The import was stopped by another process.');
  const place = nowhere(now);
  for (const [key, name] of coming.groups) {
    // Asked again: somebody may have made or removed it since.
    if (await holdGroup(tx, key)) continue;
    const group = { id: newId(random), name, name_key: key, created_at: now };
    await insertGroup(tx, group);
    await record(tx, place, {
      event: 'group.created',
      subject: null,
      actor: 'operator',
      detail: { group: group.id },
    });
  }
  await takeIn(tx, id, { now, detail: JSON.stringify({ from: coming.from }) });
  await noteImported(tx, deps, coming.kinds);
}

/** -> false for none; one that is there stays until this transaction ends. */
async function holdGroup(tx: Tx, key: string): Promise<boolean> {
  const group = await findGroupByKey(tx, key);
  return group !== null && (await lockGroup(tx, group.id));
}
