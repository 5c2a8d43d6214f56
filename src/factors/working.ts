import type { Account } from '../accounts/account.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { forbiddenKinds } from './accepted.ts';
import { careOf } from './all.ts';
import type { FactorRow } from './factor.ts';
import { listFactors } from './store.ts';

type Here = Pick<Deps, 'seal' | 'config'>;

/** What can answer here and now; nobody may count on the rest (screen 8). */
export function answering(deps: Here, factors: readonly FactorRow[]): FactorRow[] {
  return factors.filter(
    (row) => row.suspended_at === null && (careOf(row.kind)?.answersHere?.(deps, row) ?? true),
  );
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

/** Something that neither a hold nor a wrong clock stops, beside the recovery codes. */
export async function canUseKey(deps: Here, db: Db, { id }: Pick<Account, 'id'>): Promise<boolean> {
  const working = workingOf(deps, await listFactors(db, id), await forbiddenKinds(db));
  return working.some(({ kind }) => kind === 'webauthn');
}
