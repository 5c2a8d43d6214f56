import type { By } from '../audit/by.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { setPolicyValue } from '../policy/set-value.ts';
import type { PolicyValues } from '../policy/values.ts';
import { factorCare } from './all.ts';

export type MethodRules = Pick<PolicyValues, 'forbidden_factors' | 'keys_first'>;

/** At least one kind must be left that somebody without a factor can begin with. @throws {Refusal} no_first_method */
export function assertSomeFirst(deps: Pick<Deps, 'config'>, rules: MethodRules): void {
  const forbidden = new Set(rules.forbidden_factors);
  const policy = { forbidden, keysFirst: rules.keys_first === 'allowed' };
  const firsts = factorCare().filter(({ kind }) => !forbidden.has(kind));
  if (!firsts.some((care) => care.canBeFirst(deps, policy))) throw new Refusal('no_first_method');
}

/** Both together, since each says what the other may be. @throws {Refusal} no_first_method */
export async function changeMethods(
  tx: Tx,
  deps: Pick<Deps, 'config'>,
  by: By,
  rules: MethodRules,
): Promise<void> {
  assertSomeFirst(deps, rules);
  await setPolicyValue(tx, by, 'forbidden_factors', rules.forbidden_factors);
  await setPolicyValue(tx, by, 'keys_first', rules.keys_first);
}
