import type { Deps } from '../deps.ts';
import type { Locale } from '../words/locale.ts';
import { type EnrolmentPolicy, enrolmentPolicy } from './accepted.ts';
import { factorCare } from './all.ts';
import type { FactorRow, SetUpLink } from './factor.ts';

/** Of what is accepted here; without a factor, what can be the first. */
export function waysToAdd(
  deps: Deps,
  policy: EnrolmentPolicy,
  rows: readonly FactorRow[],
  locale: Locale,
): SetUpLink[] {
  return factorCare()
    .filter(({ kind }) => !policy.forbidden.has(kind))
    .filter((care) => rows.length > 0 || care.canBeFirst(deps, policy))
    .flatMap((care) => care.adding(deps, policy, rows, locale) ?? []);
}

/** Where somebody who has no factor begins. */
export async function firstSetUp(deps: Deps, locale: Locale): Promise<string> {
  const [first] = waysToAdd(deps, await enrolmentPolicy(deps.database.db), [], locale);
  return first?.href ?? '/account/security';
}
