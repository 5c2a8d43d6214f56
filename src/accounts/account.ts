import type { Selectable } from 'kysely';
import type { AccountTable } from '../database/tables/account.ts';
import { isLocale, type Locale } from '../words/locale.ts';

/** What somebody may do here, the least first: each may all that the one before may. */
export const ROLES = ['member', 'publisher', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** One person's identity here. */
export type Account = Selectable<AccountTable>;

export function rolesOf(account: { roles: string }): Role[] {
  const roles = account.roles.split(' ').filter((role) => role !== '') as Role[];
  return roles.length > 0 ? roles : ['member'];
}

/** The highest of what an account is. */
export function roleOf(account: { roles: string }): Role {
  const roles = rolesOf(account);
  return ROLES.findLast((role) => roles.includes(role)) ?? 'member';
}

export function isAdministrator(account: { roles: string }): boolean {
  return account.roles.split(' ').includes('admin');
}

/** Administrators may do what publishers may. */
export function isPublisher(account: { roles: string }): boolean {
  return isAdministrator(account) || account.roles.split(' ').includes('publisher');
}

/** For a mail that answers what somebody does now: who has chosen no language is written to in that of their browser. */
export function speaking<T extends { locale: string | null }>(account: T, language: string | undefined): T {
  return localeOf(account) === null && isLocale(language) ? { ...account, locale: language } : account;
}

export function localeOf(account: { locale: string | null }): Locale | null {
  return isLocale(account.locale) ? account.locale : null;
}
