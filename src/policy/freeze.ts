import type { Account } from '../accounts/account.ts';
import { HOUR } from '../kit/clock.ts';
import { Refusal } from '../kit/refusal.ts';

/** How long security changes rest after somebody said "This wasn't me". */
export const FREEZE_LIFETIME = 24 * HOUR;

/**
 * Every change that security rests on asks this first, inside its transaction and of the account as it is there: a
 * stranger with a stolen session must not be faster than the owner's "This wasn't me". What only protects (ending
 * sessions, resetting the password by mail, undoing a change) stays open. @throws {Refusal} changes_frozen
 */
export function assertNotFrozen(account: Pick<Account, 'frozen_until_at'>, now: number): void {
  if (frozenUntil(account, now) !== null) throw new Refusal('changes_frozen');
}

/** Null where changes are open. */
export function frozenUntil(account: Pick<Account, 'frozen_until_at'>, now: number): number | null {
  const { frozen_until_at: until } = account;
  return until !== null && now < until ? until : null;
}
