import { sql } from 'kysely';
import { isAdministrator } from '../../accounts/account.ts';
import type { Db } from '../../database/open.ts';
import { isPostgres } from '../../database/prepared.ts';

/** What the list of people tells of one. Of the password only whether there is one (R70). */
export interface PersonRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: string;
  readonly two_factor_at: number | null;
  readonly suspended_at: number | null;
  /** Nobody has chosen a password yet: the invitation waits. */
  readonly invited: boolean;
}

function people(db: Db) {
  return db
    .selectFrom('account')
    .select(['account.id', 'account.email', 'account.name', 'account.roles'])
    .select(['account.two_factor_at', 'account.suspended_at'])
    .select((eb) => eb('account.password_hash', 'is', null).as('invited'));
}

/** SQLite answers 1 and 0. */
const asPerson = <T extends { invited: unknown }>(row: T): T & { invited: boolean } => ({
  ...row,
  invited: Boolean(row.invited),
});

export type AddressedRow = PersonRow & { readonly address_key: string };

/** In the order of their addresses: as quick at the millionth as at the first. `prefix`: how the addresses begin. */
export async function listByAddress(
  db: Db,
  { prefix, after, count }: { prefix: string; after: string; count: number },
): Promise<AddressedRow[]> {
  let query = people(db)
    .innerJoin('email_address', 'email_address.account_id', 'account.id')
    .select('email_address.address_key')
    .where('email_address.kind', '=', 'primary');
  // One lower bound: of two, the index would be entered at the first, however far that is from the second.
  query =
    after >= prefix
      ? query.where('email_address.address_key', '>', after)
      : query.where('email_address.address_key', '>=', prefix);
  if (prefix !== '') query = query.where('email_address.address_key', '<', `${prefix}\u{10ffff}`);
  return (await query.orderBy('email_address.address_key').limit(count).execute()).map(asPerson);
}

/** What somebody may be looked for by; each but the groups has an index of its own (migration 0008). */
export const STATES = ['unprotected', 'suspended', 'administrators', 'invited'] as const;
export type State = (typeof STATES)[number];

/** Written as the indexes are, or they would not be used. */
const IN_STATE = {
  unprotected: sql<boolean>`account.two_factor_at is null`,
  suspended: sql<boolean>`account.suspended_at is not null`,
  administrators: sql<boolean>`account.roles like '%admin%'`,
  invited: sql<boolean>`account.password_hash is null`,
};

export function isInState({ roles, two_factor_at, suspended_at, invited }: PersonRow, state: State): boolean {
  return {
    unprotected: two_factor_at === null,
    suspended: suspended_at !== null,
    administrators: isAdministrator({ roles }),
    invited,
  }[state];
}

/** By address as it is shown; `after`: one of them. */
export async function listInState(
  db: Db,
  state: State,
  { after, count }: { after: string; count: number },
): Promise<PersonRow[]> {
  // The order of the indexes; SQLite's own is that of bytes.
  const email = isPostgres(db) ? sql<string>`account.email collate "C"` : sql<string>`account.email`;
  const query = people(db)
    .where(IN_STATE[state])
    .where(sql<boolean>`${email} > ${after}`)
    .orderBy(email)
    .limit(count);
  return (await query.execute()).map(asPerson);
}

export async function listByIds(db: Db, ids: readonly string[]): Promise<PersonRow[]> {
  if (ids.length === 0) return [];
  return (await people(db).where('account.id', 'in', ids).execute()).map(asPerson);
}

export async function findPerson(db: Db, id: string): Promise<PersonRow | null> {
  return (await listByIds(db, [id]))[0] ?? null;
}

/** Where somebody stands in the order of addresses; null: nowhere. */
export async function findAddressKey(db: Db, id: string): Promise<string | null> {
  const query = db.selectFrom('email_address').select('address_key').where('account_id', '=', id);
  return (await query.where('kind', '=', 'primary').executeTakeFirst())?.address_key ?? null;
}

/** Of these accounts, those that have a link with which the invitation can still be accepted. */
export async function listOpenInvitations(
  db: Db,
  ids: readonly string[],
  now: number,
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('link')
    .select('account_id')
    .where('account_id', 'in', ids)
    .where('purpose', '=', 'invitation')
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .execute();
  return new Set(rows.flatMap(({ account_id }) => account_id ?? []));
}
