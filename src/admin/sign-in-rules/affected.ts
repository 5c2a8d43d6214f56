import { accountSlices } from '../../accounts/slices.ts';
import type { Db } from '../../database/open.ts';
import { countPeopleWith, countWithOnly, listWithOnly, type NamedPerson } from '../../factors/count-store.ts';

/** What it would mean not to accept some kinds of factors any more. */
export interface Affected {
  /** People who have a working one of a kind, in the order of the kinds. */
  readonly have: readonly number[];
  /** People all of whose factors are of these kinds. */
  readonly depend: number;
}

/** `forbidden`: all that would not be accepted; `newly`: of them, what is accepted now. */
export async function countAffected(
  db: Db,
  forbidden: readonly string[],
  newly: readonly string[],
): Promise<Affected> {
  const have = newly.map(() => 0);
  let depend = 0;
  if (newly.length === 0) return { have, depend };
  for await (const slice of accountSlices(db, {})) {
    const counts = await countPeopleWith(db, newly, slice);
    for (const [index, count] of counts.entries()) have[index] = have[index]! + count;
    depend += await countWithOnly(db, forbidden, slice);
  }
  return { have, depend };
}

/** Some hundred thousand accounts are looked through for one page, which may then be short. */
const SLICES = 100;

/** One page of those who depend on what would not be accepted. `next`: the id to go on after; null on the last page. */
export async function listDependents(
  db: Db,
  forbidden: readonly string[],
  { after, count }: { after: string; count: number },
): Promise<{ people: NamedPerson[]; next: string | null }> {
  const people: NamedPerson[] = [];
  let looked = 0;
  for await (const slice of accountSlices(db, { after })) {
    if (looked++ === SLICES) return { people, next: slice.after };
    people.push(...(await listWithOnly(db, forbidden, slice, count + 1 - people.length)));
    if (people.length > count) return { people: people.slice(0, count), next: people[count - 1]!.id };
  }
  return { people, next: null };
}
