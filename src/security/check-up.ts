import type { Account } from '../accounts/account.ts';
import { record } from '../audit/record.ts';
import type { Db, Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { normalizeRecoveryCode } from '../factors/recovery-codes/rules.ts';
import { findCode, firstUnused, hashTyped } from '../factors/recovery-codes/store.ts';
import { DAY } from '../kit/clock.ts';
import { Refusal, refuseField } from '../kit/refusal.ts';
import { giveBackTry, reserveTry, settleRightTry, settleWrongTry, tooManyTries } from '../throttle/brake.ts';
import { countedOf, PASSWORD_FROM_NETWORK } from '../throttle/brakes.ts';
import type { Visit } from '../web/visit.ts';

/** After enabling, and then between two (screen 8). */
const FIRST_AFTER = 28 * DAY;
const NEXT_AFTER = 180 * DAY;

export interface CheckUp {
  /** The code to type: the first that is not used. */
  readonly number: number;
  readonly provenAt: number | null;
}

/** The check-up that is due now, if one is. There is nothing to check without a code. */
export async function dueCheckUp(db: Db, account: Account, now: number): Promise<CheckUp | null> {
  // No row makes it earlier than the first one.
  if (account.two_factor_at === null || now < account.two_factor_at + FIRST_AFTER) return null;
  const row = await db
    .selectFrom('check_up')
    .select(['due_at', 'proven_at'])
    .where('account_id', '=', account.id)
    .executeTakeFirst();
  if (row && now < row.due_at) return null;
  const number = await firstUnused(db, account.id);
  return number === null ? null : { number, provenAt: row?.proven_at ?? null };
}

/**
 * Looks at the code that was asked for, without spending it. A wrong one is counted like a wrong password: a stolen
 * session must not find out codes by trying. @throws {Refusal} invalid_input on `code`, too_many_attempts, busy, conflict
 */
export async function proveCode(deps: Deps, visit: Visit, account: Account, typed: string): Promise<void> {
  const { database } = deps;
  const due = await dueCheckUp(database.db, account, visit.now);
  if (!due) throw new Refusal('conflict');
  const key = countedOf('check-up', account.id);
  const brake = PASSWORD_FROM_NETWORK;
  const taken = await database.transaction((tx) => reserveTry(tx, key, brake, visit.now));
  if (taken.kind !== 'taken') throw tooManyTries(taken);
  const code = normalizeRecoveryCode(typed);
  const hash = await hashTyped(deps, account.id, code).catch(async (error) => {
    // A full queue checks nothing, so the try comes back: a busy minute is nobody's wrong code.
    await database.transaction((tx) => giveBackTry(tx, key));
    throw error;
  });
  const found = code ? await findCode(database.db, account.id, hash) : undefined;
  const right = found !== undefined && found.used_at === null && Number(found.number) === due.number;
  await database.transaction(async (tx) => {
    if (!right) {
      await settleWrongTry(tx, key, brake, visit.now);
      await record(tx, visit, { event: 'check_up.proven', outcome: 'failure', subject: account });
      return;
    }
    await settleRightTry(tx, key);
    await schedule(tx, account.id, { due_at: visit.now + NEXT_AFTER, proven_at: visit.now });
    await record(tx, visit, { event: 'check_up.proven', subject: account });
  });
  if (!right) throw refuseField('code', 'recovery_code_wrong');
}

/** "Not now": it comes again, and the next sign-in doesn't nag. */
export async function putOffCheckUp({ database }: Deps, visit: Visit, account: Account): Promise<void> {
  await database.transaction((tx) => schedule(tx, account.id, { due_at: visit.now + NEXT_AFTER }));
}

async function schedule(
  tx: Tx,
  accountId: string,
  values: { readonly due_at: number; readonly proven_at?: number },
): Promise<void> {
  await tx
    .insertInto('check_up')
    .values({ account_id: accountId, due_at: values.due_at, proven_at: values.proven_at ?? null })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(values))
    .execute();
}
