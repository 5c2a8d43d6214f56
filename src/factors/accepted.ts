import type { Db } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import { Refusal } from '../kit/refusal.ts';
import { allPolicyValues, type PolicyValues, policyValue } from '../policy/values.ts';

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

const workingKinds = prepared<{ accountId: string }>()((db, { accountId }) =>
  db
    .selectFrom('factor')
    .select('kind')
    .where('account_id', '=', accountId)
    .where('suspended_at', 'is', null),
);

/** True of somebody all of whose factors are of kinds that are not accepted any more: the next sign-in sets up another. */
export async function lacksAccepted(db: Db, accountId: string): Promise<boolean> {
  const forbidden = await forbiddenKinds(db);
  if (forbidden.size === 0) return false;
  const working = await workingKinds(db, { accountId });
  return working.length > 0 && working.every(({ kind }) => forbidden.has(kind));
}
