import { type Insertable, sql, type Updateable } from 'kysely';
import type { Db, Tx } from '../database/open.ts';
import { isPostgres, prepared } from '../database/prepared.ts';
import type { AccountTable } from '../database/tables/account.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Account } from './account.ts';
import { insertWords, renewWords } from './search-words.ts';

const byAddressKey = prepared<{ key: string }>()((db, { key }) =>
  db
    .selectFrom('email_address')
    .innerJoin('account', 'account.id', 'email_address.account_id')
    .selectAll('account')
    .where('email_address.address_key', '=', key)
    .where('email_address.kind', '=', 'primary'),
);

const byId = prepared<{ id: string }>()((db, { id }) =>
  db.selectFrom('account').selectAll().where('id', '=', id),
);

/** By its primary address; a recovery address signs nobody in. */
export async function findAccountByAddress(db: Db, addressKey: string): Promise<Account | null> {
  return (await byAddressKey(db, { key: addressKey }))[0] ?? null;
}

export async function findAccount(db: Db, id: string): Promise<Account | null> {
  return (await byId(db, { id }))[0] ?? null;
}

export type NewAccount = Pick<Account, 'id' | 'pseudonym' | 'email' | 'name' | 'roles' | 'created_at'> &
  Partial<Pick<Account, 'password_hash' | 'locale' | 'time_zone'>>;

/** `provenAt` is null until the person has shown that mail to the address reaches them. */
export async function insertAccount(
  tx: Tx,
  account: NewAccount,
  addressKey: string,
  provenAt: number | null,
) {
  await tx
    .insertInto('account')
    .values(account as Insertable<AccountTable>)
    .execute();
  await tx
    .insertInto('email_address')
    .values({
      address_key: addressKey,
      account_id: account.id,
      address: account.email,
      kind: 'primary',
      proven_at: provenAt,
      created_at: account.created_at,
    })
    .execute();
  await insertWords(tx, account);
}

/** Changes what a person may change without weakening anything: name, language, time zone. */
export async function updateProfile(
  tx: Tx,
  id: string,
  change: Pick<Updateable<AccountTable>, 'name' | 'locale' | 'time_zone'>,
) {
  await tx.updateTable('account').set(change).where('id', '=', id).execute();
  if (change.name !== undefined) await renewWords(tx, id);
}

/**
 * Changes something that security rests on, and raises the version in the same statement, so that every sign-in that
 * began before starts again (R35). `account`: locked in this transaction (`lockAccount`), so that the version can't have
 * moved on. @throws {Refusal} conflict where it has: a change of security is made or refused, never left out
 */
export async function changeSecurity(
  tx: Tx,
  account: Pick<Account, 'id' | 'security_version'>,
  change: Omit<Updateable<AccountTable>, 'id' | 'security_version'>,
): Promise<void> {
  const result = await tx
    .updateTable('account')
    .set((eb) => ({ ...change, security_version: eb('security_version', '+', 1) }))
    .where('id', '=', account.id)
    .where('security_version', '=', account.security_version)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) throw new Refusal('conflict');
  if (change.name !== undefined || change.email !== undefined) await renewWords(tx, account.id);
}

/** Replaces the hash after a sign-in with older parameters (R3); nothing else about the account changes. */
export async function renewPasswordHash(tx: Tx, id: string, old: string, renewed: string): Promise<void> {
  await tx
    .updateTable('account')
    .set({ password_hash: renewed })
    .where('id', '=', id)
    .where('password_hash', '=', old)
    .execute();
}

const addressesOf = prepared<{ accountId: string }>()((db, { accountId }) =>
  db.selectFrom('email_address').selectAll().where('account_id', '=', accountId).orderBy('kind'),
);

export async function listAddresses(db: Db, accountId: string) {
  return addressesOf(db, { accountId });
}

/** The address to sign in with, once mail to it was shown to reach the person (R47); null: not yet. */
export async function findProvenPrimary(db: Db, accountId: string): Promise<string | null> {
  const addresses = await listAddresses(db, accountId);
  return addresses.find(({ kind, proven_at }) => kind === 'primary' && proven_at !== null)?.address ?? null;
}

/** Of a million accounts a handful has a role: written as the index `account_role` is, so that it is used. */
const hasRole = sql<boolean>`account.roles <> ''`;

function administrators(db: Db) {
  return db
    .selectFrom('account')
    .where(hasRole)
    .where('roles', 'like', '%admin%')
    .where('suspended_at', 'is', null);
}

export async function countAdministrators(db: Db): Promise<number> {
  const query = administrators(db).select((eb) => eb.fn.countAll<number>().as('count'));
  return Number((await query.executeTakeFirstOrThrow()).count);
}

/** Who can sign in and administer; of each house a handful. */
export async function listAdministrators(db: Db): Promise<Account[]> {
  return administrators(db).selectAll().orderBy('id').execute();
}

/**
 * Who administers, and stays so until this transaction ends: of two who each suspend one of the last two
 * administrators, the second must see what the first did.
 */
export async function lockAdministrators(tx: Tx): Promise<Account[]> {
  const query = administrators(tx).selectAll().orderBy('id');
  return (isPostgres(tx) ? query.forNoKeyUpdate() : query).execute();
}

/** The people who are still known by these pseudonyms. */
export async function listByPseudonym(
  db: Db,
  pseudonyms: readonly string[],
): Promise<Pick<Account, 'id' | 'pseudonym' | 'name' | 'email'>[]> {
  if (pseudonyms.length === 0) return [];
  return db
    .selectFrom('account')
    .select(['id', 'pseudonym', 'name', 'email'])
    .where('pseudonym', 'in', pseudonyms)
    .execute();
}

const lockRow = prepared<{ id: string }>()((db, { id }) => {
  const query = db.selectFrom('account').selectAll().where('id', '=', id);
  // NO KEY: rows that refer to the account (links, mails) can still be inserted by others meanwhile.
  return isPostgres(db) ? query.forNoKeyUpdate() : query;
});

/** The account as it is now, and as it stays until this transaction ends. */
export async function lockAccount(tx: Tx, id: string): Promise<Account | null> {
  return (await lockRow(tx, { id }))[0] ?? null;
}

/** In the order of their addresses; `after` is the last address key of the page before, empty for the first. */
export async function listAccountsAfter(
  db: Db,
  after: string,
  count: number,
): Promise<(Account & { address_key: string })[]> {
  return db
    .selectFrom('email_address')
    .innerJoin('account', 'account.id', 'email_address.account_id')
    .selectAll('account')
    .select('email_address.address_key')
    .where('email_address.kind', '=', 'primary')
    .where('email_address.address_key', '>', after)
    .orderBy('email_address.address_key')
    .limit(count)
    .execute();
}

/** Of these addresses, those that are somebody's. */
export async function listTaken(db: Db, addressKeys: readonly string[]): Promise<ReadonlySet<string>> {
  if (addressKeys.length === 0) return new Set();
  const query = db.selectFrom('email_address').select('address_key').where('address_key', 'in', addressKeys);
  return new Set((await query.execute()).map(({ address_key }) => address_key));
}
