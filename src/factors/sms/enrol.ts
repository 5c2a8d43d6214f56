import { lockAccount } from '../../accounts/store.ts';
import type { Deps } from '../../deps.ts';
import { readNumber } from '../../kit/phone-number.ts';
import { newId } from '../../kit/random.ts';
import { Refusal, refuseField } from '../../kit/refusal.ts';
import { rowOwner } from '../../kit/seal.ts';
import { assertNotFrozen } from '../../policy/freeze.ts';
import type { Holder } from '../../sessions/require.ts';
import { noteTextUsed } from '../../throttle/text-budget.ts';
import type { SetCookie } from '../../web/answer.ts';
import type { Visit } from '../../web/visit.ts';
import { assertAccepted } from '../accepted.ts';
import {
  type Challenge,
  type ChallengeOwner,
  findChallenge,
  spendChallengeTry,
  takeChallenge,
} from '../challenge.ts';
import { claimDraft, codesOf, draftFor, draftOwner, findDraft } from '../draft.ts';
import { hashInTurn } from '../recovery-codes/hash-in-turn.ts';
import { newCodes } from '../recovery-codes/rules.ts';
import { replaceFactor } from '../replace-factor.ts';
import { listFactors } from '../store.ts';
import { assertAddressProven, startsAnew, switchOn } from '../switch-on.ts';
import { normalizeCode } from '../typed-code.ts';
import { isCode } from './code.ts';
import { lastTwo, phoneOf, serves } from './number.ts';
import { sendCode } from './send-code.ts';

/** A number is proven by its own code; a stranger's number must not be proven by guessing one. */
const TRIES = 5;

/**
 * First half: the number as it was typed, and a code to it (R13). Counted like every other message.
 * @throws {Refusal} invalid_input on `phone`, too_many_attempts, texts_capped, text_not_sent, changes_frozen,
 * method_forbidden, address_unproven
 */
export async function beginPhone(
  deps: Deps,
  visit: Visit,
  holder: Holder,
  { phone, country }: { phone: string; country: string | undefined },
): Promise<void> {
  const { account } = holder;
  assertNotFrozen(account, visit.now);
  await assertAccepted(deps.database.db, 'sms');
  await assertAddressProven(deps.database.db, account);
  const number = readNumber(phone, country);
  if (!number) throw refuseField('phone', 'phone_invalid');
  if (!serves(deps.config, number.country)) throw refuseField('phone', 'phone_country');
  await sendCode(deps, visit, account, ownerOf(holder), number.e164);
}

export interface PhoneDraft {
  readonly number: string;
  readonly sentAt: number;
  /** Shown before a first factor is on (R27); null where there is one. */
  readonly codes: readonly string[] | null;
}

/** What the page for the code shows; the same recovery codes for ten minutes. Null where no code was sent, or it ran out. */
export async function phoneDraft(deps: Deps, holder: Holder): Promise<PhoneDraft | null> {
  const sent = await findChallenge(deps, ownerOf(holder), 'sms');
  if (!sent) return null;
  const codes = startsAnew(holder) ? await shownCodes(deps, holder) : null;
  return { number: sent.data['number'] ?? '', sentAt: sent.createdAt, codes };
}

/**
 * Second half: the code from the message. A phone that the account has already is replaced by it, with an undo.
 * -> cookies to set. @throws {Refusal} invalid_input on `code`, enrolment_expired, changes_frozen, conflict
 */
export async function confirmPhone(
  deps: Deps,
  visit: Visit,
  holder: Holder,
  { code, label }: { code: string; label: string },
): Promise<readonly SetCookie[]> {
  const { account } = holder;
  assertNotFrozen(account, visit.now);
  await assertAddressProven(deps.database.db, account);
  const anew = startsAnew(holder);
  const draft = anew ? await findDraft(deps, draftOwner(holder), 'sms', null) : null;
  const sent = await findChallenge(deps, ownerOf(holder), 'sms');
  if (!sent || (anew && !draft)) throw new Refusal('enrolment_expired');
  await spendCodeTry(deps, sent);
  const digits = normalizeCode(code);
  if (digits === null || !isCode(deps, account.id, sent, digits))
    throw refuseField('code', 'message_code_wrong');

  const number = sent.data['number'] ?? '';
  const ending = lastTwo(number);
  const id = newId(deps.random);
  const factor = {
    id,
    account_id: account.id,
    kind: 'sms',
    label,
    sealed_data: deps.seal.seal('sms', rowOwner(account.id, id), number),
    counter: 0,
    created_at: visit.now,
  };
  const hashed = draft ? await hashInTurn(deps, account.id, draft) : null;
  // After a temporary pass the old phone goes with everything else, and not by being replaced alone.
  const old = anew ? null : phoneOf(await listFactors(deps.database.db, account.id));
  return deps.database.transaction(async (tx) => {
    // Before the question, as where it is asked: the other way round the two would wait for each other.
    await lockAccount(tx, account.id);
    if (!(await takeChallenge(tx, sent.id, visit.now))) throw new Refusal('enrolment_expired');
    await noteTextUsed(tx, deps, { accountId: account.id, number }, visit.now);
    if (draft && !(await claimDraft(tx, draft.id, visit.now))) throw new Refusal('enrolment_expired');
    if (old) {
      await replaceFactor(tx, deps, visit, holder, old.id, factor, { ending });
      return [];
    }
    return switchOn(tx, deps, visit, holder, factor, { codes: hashed, amr: ['sms'], ending });
  });
}

async function spendCodeTry({ database }: Deps, sent: Challenge): Promise<void> {
  const left = await database.transaction((tx) => spendChallengeTry(tx, sent.id, TRIES));
  if (!left) throw new Refusal('enrolment_expired');
}

async function shownCodes(deps: Deps, holder: Holder): Promise<readonly string[]> {
  const draft = await draftFor(deps, draftOwner(holder), 'sms', null, () => ({
    codes: newCodes(deps.random),
  }));
  return codesOf(draft);
}

function ownerOf(holder: Holder): ChallengeOwner {
  return { ...draftOwner(holder), purpose: 'enrol' };
}
