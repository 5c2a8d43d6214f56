import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { allPolicyValues, type PolicyValues, policyValue } from '../policy/values.ts';
import { listFactors } from './store.ts';

// Which kinds of factors the organisation accepts as a second step (decision 15).

/** What administrators have decided about enrolling. */
export interface EnrolmentPolicy {
  readonly forbidden: ReadonlySet<string>;
  /** A key may be the first factor, with nothing beside it. */
  readonly keysFirst: boolean;
}

export async function enrolmentPolicy(db: Db): Promise<EnrolmentPolicy> {
  return enrolmentPolicyIn(await allPolicyValues(db));
}

export function enrolmentPolicyIn(values: PolicyValues): EnrolmentPolicy {
  return { forbidden: new Set(values.forbidden_factors), keysFirst: values.keys_first === 'allowed' };
}

export async function forbiddenKinds(db: Db): Promise<ReadonlySet<string>> {
  return new Set(await policyValue(db, 'forbidden_factors'));
}

/** Before one of this kind is set up, and once more in the transaction that does. @throws {Refusal} method_forbidden */
export async function assertAccepted(db: Db, kind: string): Promise<void> {
  if ((await forbiddenKinds(db)).has(kind)) throw new Refusal('method_forbidden');
}

/**
 * True of somebody who has factors of kinds that are not accepted any more, and of the others none that answers here: the
 * next sign-in sets up another.
 */
export async function lacksAccepted(
  deps: Pick<Deps, 'seal' | 'config' | 'answersHere'>,
  db: Db,
  accountId: string,
): Promise<boolean> {
  const forbidden = await forbiddenKinds(db);
  if (forbidden.size === 0) return false;
  const factors = await listFactors(db, accountId);
  if (!factors.some(({ kind, suspended_at }) => suspended_at === null && forbidden.has(kind))) return false;
  return !factors.some((factor) => !forbidden.has(factor.kind) && deps.answersHere(deps, factor));
}
