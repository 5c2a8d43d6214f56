import { isAdministrator } from '../accounts/account.ts';
import { DAY } from '../kit/clock.ts';

/** Why somebody must use a second factor; null: they choose. Administrators always must (R42, R69). */
export type Demand = 'role' | 'rule' | null;

export function roleDemand(account: { roles: string }): 'role' | null {
  return isAdministrator(account) ? 'role' : null;
}

/** How far ahead a rule may begin: what lies beyond is a slip of the hand. */
export const FARTHEST_RULE = 2 * 365 * DAY;

export function isInForce({ required_from_at: from }: { required_from_at: number }, now: number): boolean {
  return from <= now;
}
