import { type Account, isAdministrator } from '../accounts/account.ts';
import { lockWithAdministrators } from '../accounts/lock-with-administrators.ts';
import { type RequestState, stateOf } from '../accounts/recovery-rules.ts';
import { findAccount } from '../accounts/store.ts';
import type { Db, Tx } from '../database/open.ts';
import { Refusal } from '../kit/refusal.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import type { SignedIn } from '../sessions/session.ts';
import type { Visit } from '../web/visit.ts';
import { type Decision, decisionFor } from './rules.ts';
import { countOtherAdministrators, findRequest, type RequestRow } from './store.ts';

/** One request for help, and everything that a decision about it rests on. */
export interface Case {
  readonly request: RequestRow;
  readonly state: RequestState;
  readonly person: Account;
  /** Who looks at it. */
  readonly administrator: Account;
  /** Null where nobody has proposed it, or somebody who could not do so any more. */
  readonly proposer: Account | null;
  /** There is no second administrator who could countersign. */
  readonly alone: boolean;
  readonly decision: Decision;
}

/** @throws {Refusal} not_found */
export async function readCase(db: Db, visit: Visit, administrator: Account, id: string): Promise<Case> {
  const request = await findRequest(db, id);
  const person = request && (await findAccount(db, request.account_id));
  if (!request || !person) throw new Refusal('not_found');
  const proposer = request.proposed_by === null ? null : await findAccount(db, request.proposed_by);
  const proposedBy = proposer && isAble(proposer) ? proposer : null;
  const state = stateOf(request, person.security_version, visit.now);
  const alone = (await countOtherAdministrators(db, person.id)) <= 1;
  const decision = decisionFor({
    state,
    own: person.id === administrator.id,
    proposedBy: proposedBy?.id ?? null,
    administrator: administrator.id,
    alone,
  });
  return { request, state, person, administrator, proposer: proposedBy, alone, decision };
}

/**
 * The same as it stays until this transaction ends. Whoever has just said "This wasn't me", or is no administrator any
 * more, decides nothing. @throws {Refusal} not_found, changes_frozen
 */
export async function lockCase(tx: Tx, visit: Visit, { account }: SignedIn, id: string): Promise<Case> {
  const request = await findRequest(tx, id);
  if (!request) throw new Refusal('not_found');
  const { administrators } = await lockWithAdministrators(tx, request.account_id);
  const administrator = administrators.find((one) => one.id === account.id);
  if (!administrator || !isAble(administrator)) throw new Refusal('not_found');
  assertNotFrozen(administrator, visit.now);
  return readCase(tx, visit, administrator, id);
}

function isAble(account: Account): boolean {
  return isAdministrator(account) && account.suspended_at === null && account.two_factor_at !== null;
}
