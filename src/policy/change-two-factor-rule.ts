import type { By } from '../audit/by.ts';
import { record } from '../audit/record.ts';
import { isForeignKeyViolation } from '../database/foreign-key-violation.ts';
import type { Db, Tx } from '../database/open.ts';
import { isUniqueViolation } from '../database/unique-violation.ts';
import type { Deps } from '../deps.ts';
import { areStanding, findGroup } from '../groups/store.ts';
import type { Random } from '../kit/random.ts';
import { Refusal } from '../kit/refusal.ts';
import { findRuledClient, putClientRule } from './rules-of-apps.ts';
import { dropTwoFactorRule, findTwoFactorRule, putTwoFactorRule } from './two-factor-rules.ts';

/** Whom a rule is about: the people of a group, or with null everybody; or whoever opens an app. By id. */
export type Concerned = { readonly group: string | null } | { readonly client: string };

/** The instant from which the rule about them holds; null: there is none. @throws {Refusal} not_found for an app */
export async function findRuleOf(db: Db, whom: Concerned): Promise<number | null> {
  return 'client' in whom
    ? (await findRuledClient(db, whom.client)).twoFactorFromAt
    : findTwoFactorRule(db, whom.group);
}

/**
 * From an instant on, nobody of them signs in, or opens the app, without a second factor. What is past means: from now on.
 * Setting it anew moves its date, and reminders begin anew. `stopped`: how many were without a factor when it was switched
 * on, for the record. -> false where the rule stood as it is now. @throws {Refusal} not_found, conflict
 */
export async function requireTwoFactor(
  tx: Tx,
  { random }: Pick<Deps, 'random'>,
  { place, actor }: By,
  { from, stopped, ...whom }: Concerned & { readonly from: number; readonly stopped: number },
): Promise<boolean> {
  const groupId = 'group' in whom ? whom.group : null;
  if (groupId !== null && !(await findGroup(tx, groupId))) throw new Refusal('not_found');
  const requiredFrom = Math.max(from, place.now);
  const before = await findRuleOf(tx, whom);
  const inForce = before !== null && before <= place.now;
  if (before === requiredFrom || (inForce && requiredFrom === place.now)) return false;
  await putRule(tx, random, whom, requiredFrom, place.now);
  const detail = { ...whom, from: requiredFrom, before, stopped };
  await record(tx, place, { event: 'policy.rule_set', subject: null, actor, detail });
  return true;
}

async function putRule(tx: Tx, random: Random, whom: Concerned, from: number, now: number): Promise<void> {
  if ('client' in whom) {
    if (!(await putClientRule(tx, whom.client, from))) throw new Refusal('not_found');
    return;
  }
  await putTwoFactorRule(tx, random, whom.group, from, now).catch((error) => {
    if (isForeignKeyViolation(error)) throw new Refusal('not_found');
    throw isUniqueViolation(error) ? new Refusal('conflict') : error;
  });
  if (whom.group !== null && !(await areStanding(tx, [whom.group]))) throw new Refusal('not_found');
}

/**
 * Whoever is concerned by no other rule chooses again; what an app's own settings demand, it still does. -> false where
 * there was none. @throws {Refusal} not_found for an app
 */
export async function makeTwoFactorOptional(tx: Tx, { place, actor }: By, whom: Concerned): Promise<boolean> {
  const before = await findRuleOf(tx, whom);
  if (before === null) return false;
  if ('client' in whom) await putClientRule(tx, whom.client, null);
  else await dropTwoFactorRule(tx, whom.group);
  const detail = { ...whom, before };
  await record(tx, place, { event: 'policy.rule_dropped', subject: null, actor, detail });
  return true;
}
