import type { Slice } from '../accounts/slices.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { forbiddenKinds } from './accepted.ts';
import { careOf, factorCare } from './all.ts';
import type { NamedPerson } from './count-store.ts';
import type { FactorRow } from './factor.ts';
import { lossesOf, outcomeOf } from './loss-rules.ts';
import { listWithoutCodes } from './recovery-codes/spent-store.ts';
import { workingOf } from './working.ts';

/**
 * Somebody whom the loss of one thing would lock out: of their factors nothing would be left, and there is no code. Or who
 * has nothing that works any more.
 */
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
  const forbidden = await forbiddenKinds(db);
  return people.flatMap((person) => {
    const own = factors.get(person.id) ?? [];
    return isAtRisk(deps, workingOf(deps, own, forbidden)) ? { ...person, kinds: kindsOf(own) } : [];
  });
}

/** In the order in which methods are listed everywhere. */
function kindsOf(factors: readonly FactorRow[]): string[] {
  const own = new Set(factors.map(({ kind }) => kind));
  return factorCare().flatMap(({ kind }) => (own.has(kind) ? kind : []));
}

function isAtRisk(deps: Pick<Deps, 'seal'>, factors: readonly FactorRow[]): boolean {
  if (factors.length === 0) return true;
  const carried = factors.map((row) => ({
    id: row.id,
    carrier: careOf(row.kind)?.carrier(deps, row) ?? null,
  }));
  return lossesOf(carried).some((loss) => outcomeOf(loss, 0) === 'locked-out');
}

async function factorsOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, FactorRow[]>> {
  const owned = new Map<string, FactorRow[]>(ids.map((id) => [id, []]));
  if (ids.length === 0) return owned;
  const query = db.selectFrom('factor').selectAll().where('account_id', 'in', ids);
  const rows = await query.where('suspended_at', 'is', null).execute();
  for (const row of rows) owned.get(row.account_id)?.push(row);
  return owned;
}
