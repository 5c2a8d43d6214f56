import type { Account } from '../accounts/account.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { forbiddenKinds } from './accepted.ts';
import { careOf, methodOf } from './all.ts';
import type { FactorRow } from './factor.ts';
import { listFactors } from './store.ts';

type Here = Pick<Deps, 'seal' | 'config'>;

/** Whether it can answer here and now: its kind says so. */
export function answersHere(deps: Here, factor: FactorRow): boolean {
  return factor.suspended_at === null && (careOf(factor.kind)?.answersHere?.(deps, factor) ?? true);
}

/** What answers; nobody may count on the rest (screen 8). */
export function answering(deps: Here, factors: readonly FactorRow[]): FactorRow[] {
  return factors.filter((factor) => answersHere(deps, factor));
}

/** What signs its person in: of it what is accepted, and the rest only where nothing else is left (decision 15). */
export function workingOf(
  deps: Here,
  factors: readonly FactorRow[],
  forbidden: ReadonlySet<string>,
): FactorRow[] {
  const able = answering(deps, factors);
  const accepted = able.filter(({ kind }) => !forbidden.has(kind));
  return accepted.length > 0 ? accepted : able;
}

/** Something that neither a hold nor a wrong clock stops, beside the recovery codes, and no look-alike page passes on. */
export async function canUseKey(deps: Here, db: Db, { id }: Pick<Account, 'id'>): Promise<boolean> {
  const working = workingOf(deps, await listFactors(db, id), await forbiddenKinds(db));
  return working.some(({ kind }) => methodOf(kind)?.phishingResistant);
}

/** Without this factor nothing would sign in any more, or nothing that is accepted (`forbidden`: kinds that are not). */
export function isLast(
  deps: Here,
  factors: readonly FactorRow[],
  factor: FactorRow,
  forbidden: ReadonlySet<string>,
): boolean {
  const left = answering(
    deps,
    factors.filter((other) => other !== factor),
  );
  return left.length === 0 || (!forbidden.has(factor.kind) && left.every(({ kind }) => forbidden.has(kind)));
}
