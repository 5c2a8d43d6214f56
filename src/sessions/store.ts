import type { Account } from '../accounts/account.ts';
import { revokeAllGrants } from '../clients/grant-store.ts';
import { countOnCommit } from '../database/count-on-commit.ts';
import type { Db, Tx } from '../database/open.ts';
import { isPostgres, prepared } from '../database/prepared.ts';
import type { Session, SignedIn } from './session.ts';
import { type Telling, tellClientsOf, tellClientsOfAccount } from './session-clients.ts';

const ACCOUNT_COLUMNS = [
  'account.pseudonym',
  'account.email',
  'account.name',
  'account.password_hash',
  'account.roles',
  'account.locale',
  'account.time_zone',
  'account.security_version',
  'account.suspended_at',
  'account.frozen_until_at',
  'account.two_factor_at',
  'account.created_at as account_created_at',
] as const;

const byTokenHash = prepared<{ hash: string }>()((db, { hash }) =>
  db
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account_id')
    .select([
      'session.id',
      'session.account_id',
      'session.amr',
      'session.acr',
      'session.method',
      'session.step_up_at',
      'session.network',
      'session.browser',
      'session.created_at',
      'session.last_used_at',
      'session.expires_at',
    ])
    .select(ACCOUNT_COLUMNS)
    .where('session.token_hash', '=', hash),
);

/** One select for session and account together: it runs on every request. */
export async function findSession(db: Db, tokenHash: string): Promise<SignedIn | null> {
  const [row] = await byTokenHash(db, { hash: tokenHash });
  if (!row) return null;
  const session: Session = {
    id: row.id,
    account_id: row.account_id,
    amr: row.amr,
    acr: row.acr,
    method: row.method,
    step_up_at: row.step_up_at,
    network: row.network,
    browser: row.browser,
    created_at: row.created_at,
    last_used_at: row.last_used_at,
    expires_at: row.expires_at,
  };
  const account: Account = {
    id: row.account_id,
    pseudonym: row.pseudonym,
    email: row.email,
    name: row.name,
    password_hash: row.password_hash,
    roles: row.roles,
    locale: row.locale,
    time_zone: row.time_zone,
    security_version: row.security_version,
    suspended_at: row.suspended_at,
    frozen_until_at: row.frozen_until_at,
    two_factor_at: row.two_factor_at,
    created_at: row.account_created_at,
  };
  return { session, account };
}

type NewSession = Session & { token_hash: string };

const insert = prepared<NewSession>()((db, row) =>
  db.insertInto('session').values({
    id: row.id,
    token_hash: row.token_hash,
    account_id: row.account_id,
    amr: row.amr,
    acr: row.acr,
    method: row.method,
    step_up_at: row.step_up_at,
    network: row.network,
    browser: row.browser,
    created_at: row.created_at,
    last_used_at: row.last_used_at,
    expires_at: row.expires_at,
  }),
);

/** Only `complete.ts` may call this (R29; checked in CI). */
export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  await insert.count(tx, session);
  countOnCommit(tx, 'sessionsMade', { acr: session.acr });
}

export async function touchSession(tx: Tx, id: string, now: number, network: string): Promise<void> {
  await tx.updateTable('session').set({ last_used_at: now, network }).where('id', '=', id).execute();
}

/** A new token at every rise of level; the old one is dead at once (R36, R38). */
export async function raiseSession(
  tx: Tx,
  id: string,
  change: Pick<Session, 'amr' | 'acr' | 'method'> & { token_hash: string; step_up_at: number },
): Promise<boolean> {
  const result = await tx.updateTable('session').set(change).where('id', '=', id).executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** True when the session is there, and stays there until this transaction ends. */
export async function lockSession(tx: Tx, id: string): Promise<boolean> {
  const query = tx.selectFrom('session').select('id').where('id', '=', id);
  return (await (isPostgres(tx) ? query.forKeyShare() : query).executeTakeFirst()) !== undefined;
}

/** Ends one session of an account, and tells its apps; false when it is not theirs or already gone. */
export async function endSession(tx: Tx, outbox: Telling, accountId: string, id: string): Promise<boolean> {
  if (!(await isOf(tx, accountId, id))) return false;
  await tellClientsOf(tx, outbox, id);
  const result = await tx
    .deleteFrom('session')
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  countOnCommit(tx, 'sessionsEnded', { why: 'ended' }, Number(result.numDeletedRows));
  return result.numDeletedRows === 1n;
}

async function isOf(tx: Tx, accountId: string, id: string): Promise<boolean> {
  const query = tx.selectFrom('session').select('id').where('id', '=', id);
  return (await query.where('account_id', '=', accountId).executeTakeFirst()) !== undefined;
}

/**
 * Ends every session of an account but one (null: all), every half-finished sign-in, and what apps may do without a
 * session; tells the apps. -> how many sessions.
 */
export async function endSessions(
  tx: Tx,
  outbox: Telling,
  accountId: string,
  exceptId: string | null,
): Promise<number> {
  await tellClientsOfAccount(tx, outbox, accountId, exceptId);
  await revokeAllGrants(tx, accountId, exceptId);
  let query = tx.deleteFrom('session').where('account_id', '=', accountId);
  if (exceptId !== null) query = query.where('id', '!=', exceptId);
  const { numDeletedRows } = await query.executeTakeFirst();
  countOnCommit(tx, 'sessionsEnded', { why: 'ended' }, Number(numDeletedRows));
  await tx.deleteFrom('pending_sign_in').where('account_id', '=', accountId).execute();
  let passes = tx.deleteFrom('enrolment_pass').where('account_id', '=', accountId);
  if (exceptId !== null) passes = passes.where('id', '!=', exceptId);
  await passes.execute();
  return Number(numDeletedRows);
}

/** Nobody looks at more, and a person who signs in all day by a script must not make pages that stop everybody else. */
export const SESSIONS_LISTED = 500;

/** The last used first; of very many, only those. */
export async function listSessions(db: Db, accountId: string): Promise<Session[]> {
  return db
    .selectFrom('session')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('last_used_at', 'desc')
    .limit(SESSIONS_LISTED)
    .execute();
}

/**
 * Whoever signed in with a recovery code has probably lost what they usually use: until they say that they haven't, or sign
 * in with something else, the Security page says what to do.
 */
export async function isAdviceDue(db: Db, { id }: Pick<Session, 'id'>): Promise<boolean> {
  const row = await db.selectFrom('session').select('advised_at').where('id', '=', id).executeTakeFirst();
  return row?.advised_at === null;
}

export async function putAwayAdvice(tx: Tx, { id }: Session, now: number): Promise<void> {
  await tx.updateTable('session').set({ advised_at: now }).where('id', '=', id).execute();
}
