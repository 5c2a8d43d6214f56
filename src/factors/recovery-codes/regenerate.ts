import { lockAccount } from '../../accounts/store.ts';
import { record } from '../../audit/record.ts';
import type { Deps } from '../../deps.ts';
import { Refusal } from '../../kit/refusal.ts';
import { notify } from '../../notices/notify.ts';
import { assertNotFrozen } from '../../policy/freeze.ts';
import type { SignedIn } from '../../sessions/session.ts';
import { lockSession } from '../../sessions/store.ts';
import type { Visit } from '../../web/visit.ts';
import { codesOf, draftFor, findDraft, isUsedUp, useUpDraft } from '../draft.ts';
import { hashInTurn } from './hash-in-turn.ts';
import { newCodes } from './rules.ts';
import { replaceCodes } from './store.ts';

const KIND = 'recovery-codes';

export interface ProposedCodes {
  readonly id: string;
  readonly codes: readonly string[];
}

/** A new set to look at and save, for ten minutes; the old one stays valid. @throws {Refusal} no_two_factor */
export async function proposeCodes(deps: Deps, { account, session }: SignedIn): Promise<ProposedCodes> {
  if (account.two_factor_at === null) throw new Refusal('no_two_factor');
  const owner = { accountId: account.id, holderId: session.id };
  const draft = await draftFor(deps, owner, KIND, null, () => ({ codes: newCodes(deps.random) }));
  return { id: draft.id, codes: codesOf(draft) };
}

/**
 * The proposed set comes into force and the old one dies, in one transaction (R27). `shownId`: the set on the page whose
 * button was pressed; when an older tab shows another one, nobody has saved what would come into force. A second press
 * changes nothing and is no mistake: who read that their codes don't count would throw away the ones that do.
 * @throws {Refusal} enrolment_expired, no_two_factor, changes_frozen, sign_in_required
 */
export async function useProposedCodes(
  deps: Deps,
  visit: Visit,
  { account, session }: SignedIn,
  shownId?: string,
): Promise<void> {
  if (account.two_factor_at === null) throw new Refusal('no_two_factor');
  const owner = { accountId: account.id, holderId: session.id };
  const draft = await findDraft(deps, owner, KIND, null);
  if (!draft && (await isUsedUp(deps.database.db, deps, owner, KIND, shownId))) return;
  if (!draft || (shownId !== undefined && shownId !== draft.id)) throw new Refusal('enrolment_expired');
  const set = await hashInTurn(deps, account.id, draft);
  await deps.database.transaction(async (tx) => {
    const now = await lockAccount(tx, account.id);
    if (!now || now.two_factor_at === null) throw new Refusal('no_two_factor');
    assertNotFrozen(now, visit.now);
    // It may have ended while the codes were hashed.
    if (!(await lockSession(tx, session.id))) throw new Refusal('sign_in_required');
    if (!(await useUpDraft(tx, deps, owner, draft))) {
      if (await isUsedUp(tx, deps, owner, KIND, shownId)) return;
      throw new Refusal('enrolment_expired');
    }
    await replaceCodes(tx, account.id, set, visit.now);
    await record(tx, visit, { event: 'recovery_codes.regenerated', subject: account });
    await notify(tx, deps, visit, account, { kind: 'codes_regenerated' }, { sessionId: session.id });
  });
}
