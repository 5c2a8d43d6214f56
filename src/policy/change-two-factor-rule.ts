import type { By } from '../audit/by.ts';
import { record } from '../audit/record.ts';
import { isForeignKeyViolation } from '../database/foreign-key-violation.ts';
import type { Tx } from '../database/open.ts';
import { isUniqueViolation } from '../database/unique-violation.ts';
import type { Deps } from '../deps.ts';
import { findGroup } from '../groups/store.ts';
import { Refusal } from '../kit/refusal.ts';
import { dropTwoFactorRule, findTwoFactorRule, putTwoFactorRule } from './two-factor-rules.ts';

/** Whom a rule is about; null: everybody. */
export type Concerned = string | null;

/**
 * From an instant on, nobody of them signs in without a second factor. What is past means: from now on. Setting it anew
 * moves its date, and reminders begin anew. `stopped`: how many were without a factor when it was switched on, for the
 * record. -> false where the rule stood as it is now. @throws {Refusal} not_found, conflict
 */
export async function requireTwoFactor(
  tx: Tx,
  { random }: Pick<Deps, 'random'>,
  { place, actor }: By,
  { group, from, stopped }: { group: Concerned; from: number; stopped: number },
): Promise<boolean> {
  if (group !== null && !(await findGroup(tx, group))) throw new Refusal('not_found');
  const requiredFrom = Math.max(from, place.now);
  const before = await findTwoFactorRule(tx, group);
  const inForce = before !== null && before <= place.now;
  if (before === requiredFrom || (inForce && requiredFrom === place.now)) return false;
  await putTwoFactorRule(tx, random, group, requiredFrom, place.now).catch((error) => {
    if (isForeignKeyViolation(error)) throw new Refusal('not_found');
    throw isUniqueViolation(error) ? new Refusal('conflict') : error;
  });
  await record(tx, place, {
    event: 'policy.rule_set',
    subject: null,
    actor,
    detail: { group, from: requiredFrom, before, stopped },
  });
  return true;
}

/** Whoever is concerned by no other rule chooses again. -> false where there was none. */
export async function makeTwoFactorOptional(
  tx: Tx,
  { place, actor }: By,
  group: Concerned,
): Promise<boolean> {
  const before = await findTwoFactorRule(tx, group);
  if (before === null) return false;
  await dropTwoFactorRule(tx, group);
  await record(tx, place, {
    event: 'policy.rule_dropped',
    subject: null,
    actor,
    detail: { group, before },
  });
  return true;
}
