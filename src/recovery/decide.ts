import { makeLink, voidLinks } from '../accounts/link.ts';
import { isOpen, PASS_LIFETIME, readReason } from '../accounts/recovery-rules.ts';
import { nowhere } from '../audit/place.ts';
import { record } from '../audit/record.ts';
import { holdsWords } from '../delivery/one-line.ts';
import type { Deps } from '../deps.ts';
import { Refusal, refuseField } from '../kit/refusal.ts';
import { notify } from '../notices/notify.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import type { SignedIn } from '../sessions/session.ts';
import type { Visit } from '../web/visit.ts';
import { lockCase } from './case.ts';
import type { Decision } from './rules.ts';
import { claimApproval, claimProposal, claimRefusal } from './store.ts';

/** Characters of an administrator's reason: the whole of it stands in the mail to the person. */
export const PROPOSAL_LENGTH = 200;

/**
 * An administrator says why a pass should be given; alone that changes nothing. -> whether they may also approve it.
 * @throws {Refusal} not_found, conflict, another_administrator, changes_frozen, invalid_input on `reason`
 */
export async function propose(
  deps: Deps,
  visit: Visit,
  who: SignedIn,
  id: string,
  text: string,
): Promise<'alone' | 'countersigned'> {
  const reason = readReason(text);
  if (!holdsWords(reason)) throw refuseField('reason', 'required');
  if (reason.length > PROPOSAL_LENGTH) throw refuseField('reason', 'too_long');
  return deps.database.transaction(async (tx) => {
    const { request, person, administrator, alone, decision } = await lockCase(tx, visit, who, id);
    if (decision.may !== 'propose') throw refuse(decision);
    const proposal = { by: administrator.id, reason, now: visit.now, former: request.proposed_by };
    if (!(await claimProposal(tx, id, proposal))) throw new Refusal('conflict');
    const { pseudonym: actor } = administrator;
    await record(tx, visit, { event: 'recovery.proposed', subject: person, actor, detail: { reason } });
    return alone ? 'alone' : 'countersigned';
  });
}

/**
 * A second administrator, whose factor was proven at most ten minutes ago, gives the pass. It is mailed, signs nobody
 * in and removes nothing (R46, R70).
 * @throws {Refusal} not_found, conflict, another_administrator, recovery_waiting, changes_frozen
 */
export async function countersign(deps: Deps, visit: Visit, who: SignedIn, id: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const { request, person, administrator, proposer, decision } = await lockCase(tx, visit, who, id);
    if (decision.may !== 'countersign' || !proposer) throw refuse(decision);
    if (decision.waiting) throw new Refusal('recovery_waiting', { until: request.effective_at });
    assertNotFrozen(person, visit.now);
    const approval = { by: administrator.id, proposedBy: proposer.id, now: visit.now };
    if (!(await claimApproval(tx, id, approval))) throw new Refusal('conflict');
    // The link that cancels stays good: whoever is being robbed may read their mail only now.
    const token = await makeLink(tx, deps, {
      purpose: 'temporary-pass',
      accountId: person.id,
      data: { request: id },
      securityVersion: person.security_version,
      lifetime: PASS_LIFETIME,
      voidsOlder: true,
    });
    const { pseudonym: actor } = administrator;
    const reason = request.proposal_reason ?? '';
    const detail = { reason, proposed_by: proposer.pseudonym };
    await record(tx, visit, { event: 'recovery.approved', subject: person, actor, detail });
    const by = [...new Set([proposer.name, administrator.name])].join(', ');
    const until = visit.now + PASS_LIFETIME;
    await notify(tx, deps, nowhere(visit.now), person, { kind: 'temporary_pass', by, reason, until, token });
  });
}

/**
 * Any one administrator suffices: to refuse gives nothing away. @throws {Refusal} not_found, conflict,
 * another_administrator
 */
export async function refuseRequest(deps: Deps, visit: Visit, who: SignedIn, id: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const { person, administrator, state, decision } = await lockCase(tx, visit, who, id);
    if (!isOpen(state)) throw new Refusal('conflict');
    if (decision.may === 'nothing' && decision.why === 'own') throw new Refusal('another_administrator');
    if (!(await claimRefusal(tx, id, visit.now))) throw new Refusal('conflict');
    await voidLinks(tx, person.id, 'recover-cancel');
    const { pseudonym: actor } = administrator;
    await record(tx, visit, { event: 'recovery.refused', subject: person, actor });
    await notify(tx, deps, nowhere(visit.now), person, { kind: 'recovery_refused' });
  });
}

function refuse(decision: Decision): Refusal {
  if (decision.may === 'nothing' && decision.why !== 'done') return new Refusal('another_administrator');
  return new Refusal('conflict');
}
