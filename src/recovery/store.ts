import type { Insertable, Updateable } from 'kysely';
import type { RecoveryRequest } from '../accounts/recovery-request.ts';
import { listAdministrators } from '../accounts/store.ts';
import type { Db, Tx } from '../database/open.ts';
import type { RecoveryRequestTable } from '../database/tables/recovery.ts';

type NewRequest = Pick<
  Insertable<RecoveryRequestTable>,
  | 'id'
  | 'account_id'
  | 'security_version'
  | 'reason'
  | 'network'
  | 'browser'
  | 'known'
  | 'created_at'
  | 'effective_at'
>;

export async function insertRequest(tx: Tx, request: NewRequest): Promise<void> {
  await tx.insertInto('recovery_request').values(request).execute();
}

/** Those of the account that were made since, from browsers that had signed in before, or from others. */
export async function recentRequests(
  db: Db,
  accountId: string,
  { since, known }: { since: number; known: boolean },
): Promise<RecoveryRequest[]> {
  return db
    .selectFrom('recovery_request')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('created_at', '>', since)
    .where('known', '=', known ? 1 : 0)
    .execute();
}

/** Of one that was overtaken or that nobody decided in time: the index lets only one stand open. */
export async function closeUndecided(tx: Tx, accountId: string, now: number): Promise<void> {
  await tx
    .updateTable('recovery_request')
    .set({ cancelled_at: now })
    .where('account_id', '=', accountId)
    .where('cancelled_at', 'is', null)
    .where('refused_at', 'is', null)
    .where('approved_at', 'is', null)
    .execute();
}

/** A request together with whose it is, as the Dashboard shows it. */
export type RequestRow = RecoveryRequest & {
  readonly name: string;
  readonly email: string;
  readonly roles: string;
  /** The account's own, now. */
  readonly account_version: number;
};

function requests(db: Db) {
  return db
    .selectFrom('recovery_request')
    .innerJoin('account', 'account.id', 'recovery_request.account_id')
    .selectAll('recovery_request')
    .select([
      'account.name',
      'account.email',
      'account.roles',
      'account.security_version as account_version',
    ]);
}

/** Those that nobody has decided, oldest first; some may have been overtaken since. */
export async function listUndecided(db: Db): Promise<RequestRow[]> {
  return requests(db)
    .where('cancelled_at', 'is', null)
    .where('refused_at', 'is', null)
    .where('approved_at', 'is', null)
    .orderBy('recovery_request.created_at')
    .orderBy('recovery_request.id')
    .execute();
}

export async function findRequest(db: Db, id: string): Promise<RequestRow | null> {
  return (await requests(db).where('recovery_request.id', '=', id).executeTakeFirst()) ?? null;
}

function decide(tx: Tx, id: string, change: Updateable<RecoveryRequestTable>) {
  return tx
    .updateTable('recovery_request')
    .set(change)
    .where('id', '=', id)
    .where('cancelled_at', 'is', null)
    .where('refused_at', 'is', null)
    .where('approved_at', 'is', null);
}

export interface Proposal {
  readonly by: string;
  readonly reason: string;
  readonly now: number;
  /** Whose proposal this one takes the place of. */
  readonly former: string | null;
}

/** False when somebody else was faster. */
export async function claimProposal(tx: Tx, id: string, proposal: Proposal): Promise<boolean> {
  const { by, reason, now, former } = proposal;
  const result = await decide(tx, id, { proposed_by: by, proposed_at: now, proposal_reason: reason })
    .where('proposed_by', former === null ? 'is' : '=', former)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** One approval gives one pass. False when somebody else was faster. */
export async function claimApproval(
  tx: Tx,
  id: string,
  { by, proposedBy, now }: { by: string; proposedBy: string; now: number },
): Promise<boolean> {
  const result = await decide(tx, id, { approved_by: by, approved_at: now })
    .where('proposed_by', '=', proposedBy)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function claimRefusal(tx: Tx, id: string, now: number): Promise<boolean> {
  return (await decide(tx, id, { refused_at: now }).executeTakeFirst()).numUpdatedRows === 1n;
}

/** Administrators who could act on it: not suspended, with two factors, and not the person concerned. */
export async function countOtherAdministrators(db: Db, exceptId: string): Promise<number> {
  const all = await listAdministrators(db);
  return all.filter(({ id, two_factor_at }) => id !== exceptId && two_factor_at !== null).length;
}
