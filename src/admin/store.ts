import type { Db } from '../database/open.ts';

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
  /** The place in the order of addresses. */
  readonly address_key: string;
}

function people(db: Db) {
  return db
    .selectFrom('email_address')
    .innerJoin('account', 'account.id', 'email_address.account_id')
    .select(['account.id', 'account.email', 'account.name', 'account.roles'])
    .select(['account.two_factor_at', 'account.suspended_at', 'email_address.address_key'])
    .select((eb) => eb('account.password_hash', 'is', null).as('invited'))
    .where('email_address.kind', '=', 'primary');
}

/** SQLite answers 1 and 0. */
const asPerson = (row: Omit<PersonRow, 'invited'> & { invited: unknown }): PersonRow => ({
  ...row,
  invited: Boolean(row.invited),
});

/** The next people in the order of their addresses: as quick at the millionth as at the first. */
export async function listPeopleAfter(db: Db, addressKey: string, count: number): Promise<PersonRow[]> {
  const rows = await people(db)
    .where('email_address.address_key', '>', addressKey)
    .orderBy('email_address.address_key')
    .limit(count)
    .execute();
  return rows.map(asPerson);
}

export async function findPerson(db: Db, id: string): Promise<PersonRow | null> {
  const row = await people(db).where('account.id', '=', id).executeTakeFirst();
  return row ? asPerson(row) : null;
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
