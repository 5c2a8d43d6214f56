import type { By } from '../audit/by.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import { type PolicyKey, type PolicyValues, policyValue, TRUSTED_SINCE, writePolicyValue } from './values.ts';

/** In the caller's transaction, with its record. -> false where it was so already: nothing changed, nothing is recorded. */
export async function setPolicyValue<K extends PolicyKey>(
  tx: Tx,
  { place, actor }: By,
  key: K,
  value: PolicyValues[K],
): Promise<boolean> {
  const before = writePolicyValue(key, await policyValue(tx, key));
  const after = writePolicyValue(key, value);
  if (before === after) return false;
  await put(tx, key, after);
  if (key === 'trusted_browsers' && after === 'forbidden') await put(tx, TRUSTED_SINCE, String(place.now));
  const detail = { key, old: before, new: after };
  await record(tx, place, { event: 'policy.value_set', subject: null, actor, detail });
  return true;
}

async function put(tx: Tx, key: string, value: string): Promise<void> {
  await tx
    .insertInto('policy_value')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}
