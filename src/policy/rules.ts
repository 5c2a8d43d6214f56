import { isAdministrator } from '../accounts/account.ts';

/** Why somebody must use a second factor; null: they choose. Administrators always must (R42, R69). */
export type Demand = 'role' | null;

export function demandsTwoFactor(account: { roles: string }): Demand {
  return isAdministrator(account) ? 'role' : null;
}
