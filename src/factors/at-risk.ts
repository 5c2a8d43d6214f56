import type { Slice } from '../accounts/slices.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { careOf } from './all.ts';
import type { NamedPerson } from './count-store.ts';
import type { FactorRow } from './factor.ts';
import { lossesOf, outcomeOf } from './loss-rules.ts';
import { listWithoutCodes } from './recovery-codes/spent-store.ts';

/** Somebody whom the loss of one thing would lock out: of their factors nothing would be left, and there is no code. */
export interface AtRisk extends NamedPerson {
  readonly kinds: readonly string[];
}

/**
 * Of one slice of the accounts, in the order of their ids. Judged by the same rules as the person's own page
 * (`loss-rules.ts`), so that both say the same.
 */
export async function listAtRisk(
  deps: Pick<Deps, 'database' | 'seal' | 'config'>,
  slice: Slice,
): Promise<AtRisk[]> {
  const { db } = deps.database;
  const people = await listWithoutCodes(db, slice);
  const factors = await factorsOf(
    db,
    people.map(({ id }) => id),
  );
  return people.flatMap((person) => {
    const own = factors.filter(({ account_id }) => account_id === person.id);
    return isAtRisk(deps as Deps, own) ? { ...person, kinds: [...new Set(own.map(({ kind }) => kind))] } : [];
  });
}

function isAtRisk(deps: Deps, factors: readonly FactorRow[]): boolean {
  const carried = factors.map((row) => ({
    id: row.id,
    carrier: careOf(row.kind)?.carrier(deps, row) ?? null,
  }));
  return lossesOf(carried).some((loss) => outcomeOf(loss, 0) === 'locked-out');
}

async function factorsOf(db: Db, ids: readonly string[]): Promise<FactorRow[]> {
  if (ids.length === 0) return [];
  const query = db.selectFrom('factor').selectAll().where('account_id', 'in', ids);
  return (await query.where('suspended_at', 'is', null).execute()) as FactorRow[];
}
