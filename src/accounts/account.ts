import type { Selectable } from 'kysely';
import type { AccountTable } from '../database/tables/account.ts';
import { isLocale, type Locale } from '../words/locale.ts';

export type Role = 'admin' | 'publisher' | 'member';

/** One person's identity here. */
export type Account = Selectable<AccountTable>;

export function rolesOf(account: { roles: string }): Role[] {
  const roles = account.roles.split(' ').filter((role) => role !== '') as Role[];
  return roles.length > 0 ? roles : ['member'];
}

export function isAdministrator(account: { roles: string }): boolean {
  return account.roles.split(' ').includes('admin');
}

/** Administrators may do what publishers may. */
export function isPublisher(account: { roles: string }): boolean {
  return isAdministrator(account) || account.roles.split(' ').includes('publisher');
}

export function localeOf(account: { locale: string | null }): Locale | null {
  return isLocale(account.locale) ? account.locale : null;
}
