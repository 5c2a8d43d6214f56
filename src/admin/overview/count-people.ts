import { accountSlices } from '../../accounts/slices.ts';
import type { Deps } from '../../deps.ts';
import { factorCare } from '../../factors/all.ts';
import { type AtRisk, listAtRisk } from '../../factors/at-risk.ts';
import { countPeopleWith } from '../../factors/count-store.ts';
import { countStanding } from './store.ts';

export interface PeopleCount {
  /** Who may sign in. */
  readonly people: number;
  /** Of them: with two factors. */
  readonly protected: number;
  /** People with a working factor of each kind; somebody may have several. */
  readonly byKind: readonly { readonly kind: string; readonly people: number }[];
  /** Whom the loss of one thing would lock out, up to `MOST_AT_RISK`. */
  readonly atRisk: number;
  /** There are more than that. */
  readonly atRiskMost: boolean;
}

/** Nobody needs the exact number of more: then they were imported, and all of them lack recovery codes. */
const MOST_AT_RISK = 10_000;

/** Everybody, a slice at a time: a million accounts in a few seconds, in which everybody else is served. */
export async function countPeople(deps: Pick<Deps, 'database' | 'seal' | 'config'>): Promise<PeopleCount> {
  const { db } = deps.database;
  const kinds = factorCare().map(({ kind }) => kind);
  const totals = kinds.map(() => 0);
  const sum = { people: 0, protected: 0, atRisk: 0 };
  for await (const slice of accountSlices(db, {})) {
    const standing = await countStanding(db, slice);
    sum.people += standing.people;
    sum.protected += standing.protected;
    const counts = await countPeopleWith(db, kinds, slice);
    for (const [index, count] of counts.entries()) totals[index] = totals[index]! + count;
    if (sum.atRisk <= MOST_AT_RISK) sum.atRisk += (await listAtRisk(deps, slice)).length;
  }
  const byKind = kinds.map((kind, index) => ({ kind, people: totals[index] ?? 0 }));
  const atRiskMost = sum.atRisk > MOST_AT_RISK;
  return { ...sum, atRisk: Math.min(sum.atRisk, MOST_AT_RISK), atRiskMost, byKind };
}

/** Some two hundred thousand accounts are looked through for one page, which may then be short. */
const SLICES = 100;

/** One page of those at risk. `next`: the id to go on after; null on the last page. */
export async function pageAtRisk(
  deps: Pick<Deps, 'database' | 'seal' | 'config'>,
  { after, count }: { after: string; count: number },
): Promise<{ people: AtRisk[]; next: string | null }> {
  const people: AtRisk[] = [];
  let looked = 0;
  for await (const slice of accountSlices(deps.database.db, { after })) {
    if (looked++ === SLICES) return { people, next: slice.after };
    people.push(...(await listAtRisk(deps, slice)));
    if (people.length > count) return { people: people.slice(0, count), next: people[count - 1]!.id };
  }
  return { people, next: null };
}
