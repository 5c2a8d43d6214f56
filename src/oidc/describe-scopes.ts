import type { Account } from '../accounts/account.ts';
import type { Db } from '../database/open.ts';
import { listGroupsOf } from '../groups/store.ts';
import { listOf } from '../words/lists.ts';
import type { Locale } from '../words/locale.ts';
import { PERSONAL_SCOPES, SCOPE_CLAIMS } from './scopes.ts';
import { oidcWords } from './words.ts';

/** What an app may do, in words and with what it would see: one sentence each. A single claim counts as its scope. */
export async function describeScopes(
  db: Db,
  locale: Locale,
  account: Pick<Account, 'id' | 'email'>,
  scopes: readonly string[],
  claims: readonly string[],
): Promise<string[]> {
  const meant = PERSONAL_SCOPES.filter(
    (scope) =>
      scopes.includes(scope) ||
      (scope !== 'offline_access' && SCOPE_CLAIMS[scope].some((claim) => claims.includes(claim))),
  );
  const groups = meant.includes('groups') ? await listGroupsOf(db, account.id) : [];
  const told = {
    email: account.email,
    groups: listOf(
      locale,
      groups.map(({ name }) => name),
    ),
  };
  return meant.map((scope) => oidcWords[locale].scopes[scope](told));
}
