import { lockAdministrators } from '../accounts/store.ts';
import type { By } from '../audit/by.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { lacksAccepted } from '../factors/accepted.ts';
import { changeMethods } from '../factors/change-methods.ts';
import { Refusal } from '../kit/refusal.ts';
import { setPolicyValue } from '../policy/set-value.ts';
import { type PolicyKey, type PolicyValues, policyValue } from '../policy/values.ts';

export type AskedValues = { readonly [K in PolicyKey]?: PolicyValues[K] | undefined };

/**
 * What a program decides, all or none of it, each value with its record. Two things are left to administrators: a program
 * takes no method from one who would be left with none, for whoever stole its token could lead them to a weaker one; and
 * it throws no records away, for what is removed never comes back.
 * @throws {Refusal} no_first_method, administrator_protected, malformed_request
 */
export async function changePolicy(
  tx: Tx,
  deps: Deps,
  by: By,
  minLength: number,
  { forbidden_factors, keys_first, ...asked }: AskedValues,
): Promise<void> {
  if (forbidden_factors !== undefined || keys_first !== undefined) {
    await protectingAdministrators(tx, deps, async () => {
      await changeMethods(tx, deps, by, {
        forbidden_factors: forbidden_factors ?? (await policyValue(tx, 'forbidden_factors')),
        keys_first: keys_first ?? (await policyValue(tx, 'keys_first')),
      });
    });
  }
  if (asked.record_retention_days !== undefined) await assertKeptAsLong(tx, asked.record_retention_days);
  for (const key of Object.keys(asked) as (keyof typeof asked)[]) {
    const value = asked[key];
    // What the configuration asks for anyway is shown as the value, and is no decision.
    if (value === undefined || (key === 'password_min_length' && value === minLength)) continue;
    await setPolicyValue(tx, by, key, value);
  }
}

/** @throws {Refusal} administrator_protected */
async function protectingAdministrators(tx: Tx, deps: Deps, change: () => Promise<void>): Promise<void> {
  const before: string[] = [];
  for (const { id } of await lockAdministrators(tx))
    if (!(await lacksAccepted(deps, tx, id))) before.push(id);
  await change();
  for (const id of before)
    if (await lacksAccepted(deps, tx, id)) throw new Refusal('administrator_protected');
}

const FOR_EVER = 0;
const SHORTENED = 'Only administrators shorten how long records are kept, in the Dashboard.';

/** @throws {Refusal} malformed_request */
async function assertKeptAsLong(tx: Tx, days: number): Promise<void> {
  const lasting = (value: number) => (value === FOR_EVER ? Number.POSITIVE_INFINITY : value);
  if (lasting(days) >= lasting(await policyValue(tx, 'record_retention_days'))) return;
  const problems = [{ at: 'body.record_retention_days', message: SHORTENED }];
  throw new Refusal('malformed_request', { problems });
}
