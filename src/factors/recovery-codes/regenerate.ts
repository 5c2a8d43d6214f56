import { lockAccount } from '../../accounts/store.ts';
import { record } from '../../audit/record.ts';
import type { Deps } from '../../deps.ts';
import { Refusal } from '../../kit/refusal.ts';
import { notify } from '../../notices/notify.ts';
import { assertNotFrozen } from '../../policy/freeze.ts';
import type { SignedIn } from '../../sessions/session.ts';
import type { Visit } from '../../web/visit.ts';
import { claimDraft, draftFor, findDraft } from '../draft.ts';
import { newCodes } from './rules.ts';
import { hashCodes, replaceCodes } from './store.ts';

const KIND = 'recovery-codes';

/** A new set to look at and save, for ten minutes; the old one stays valid. @throws {Refusal} no_two_factor */
export async function proposeCodes(deps: Deps, { account, session }: SignedIn): Promise<readonly string[]> {
  if (account.two_factor_at === null) throw new Refusal('no_two_factor');
  const owner = { accountId: account.id, holderId: session.id };
  const draft = await draftFor(deps, owner, KIND, null, () => ({ codes: newCodes(deps.random) }));
  return draft.data['codes'] as string[];
}

/** The proposed set comes into force and the old one dies, in one transaction (R27). @throws {Refusal} enrolment_expired */
export async function useProposedCodes(
  deps: Deps,
  visit: Visit,
  { account, session }: SignedIn,
): Promise<void> {
  if (account.two_factor_at === null) throw new Refusal('no_two_factor');
  const draft = await findDraft(deps, { accountId: account.id, holderId: session.id }, KIND, null);
  if (!draft) throw new Refusal('enrolment_expired');
  const set = await hashCodes(deps, draft.data['codes'] as string[]);
  await deps.database.transaction(async (tx) => {
    const now = await lockAccount(tx, account.id);
    if (!(await claimDraft(tx, draft.id, visit.now))) throw new Refusal('enrolment_expired');
    if (!now || now.two_factor_at === null) throw new Refusal('no_two_factor');
    assertNotFrozen(now, visit.now);
    await replaceCodes(tx, account.id, set, visit.now);
    await record(tx, visit, { event: 'recovery_codes.regenerated', subject: account });
    await notify(tx, deps, visit, account, { kind: 'codes_regenerated' }, { sessionId: session.id });
  });
}
