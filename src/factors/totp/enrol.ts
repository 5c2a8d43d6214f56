import { lockAccount } from '../../accounts/store.ts';
import type { Deps } from '../../deps.ts';
import { fromBase32, toBase32 } from '../../kit/encoding.ts';
import { newId } from '../../kit/random.ts';
import { Refusal, refuseField } from '../../kit/refusal.ts';
import { rowOwner } from '../../kit/seal.ts';
import { assertNotFrozen } from '../../policy/freeze.ts';
import type { Holder } from '../../sessions/require.ts';
import type { SetCookie } from '../../web/answer.ts';
import type { Visit } from '../../web/visit.ts';
import { assertAccepted } from '../accepted.ts';
import { claimDraft, type Draft, draftFor, draftOwner, findDraft } from '../draft.ts';
import type { FactorRow } from '../factor.ts';
import { hashInTurn } from '../recovery-codes/hash-in-turn.ts';
import { newCodes } from '../recovery-codes/rules.ts';
import { replaceFactor } from '../replace-factor.ts';
import { listFactors } from '../store.ts';
import { assertAddressProven, startsAnew, switchOn } from '../switch-on.ts';
import { normalizeCode } from '../typed-code.ts';
import { MOST_APPS } from './care.ts';
import { matchStep, SECRET_BYTES } from './rules.ts';
import { appsOf } from './totp.ts';

/** What the enrolment page shows. `codes` only with the first factor of an account. */
export interface TotpDraft {
  readonly secret: string;
  readonly codes: readonly string[] | null;
}

/** The same secret and codes for ten minutes in this session, across reloads (R7). @throws {Refusal} too_many_factors, … */
export async function beginTotp(deps: Deps, holder: Holder, replacesId: string | null): Promise<TotpDraft> {
  const { account } = holder;
  await assertAddressProven(deps.database.db, account);
  await assertRoom(deps, holder, replacesId);
  const draft = await draftFor(deps, draftOwner(holder), 'totp', replacesId, () => ({
    secret: toBase32(deps.random.bytes(SECRET_BYTES)),
    codes: startsAnew(holder) ? newCodes(deps.random) : null,
  }));
  return read(draft);
}

/**
 * The code from the new secret switches it on, and is spent by that (R7, R10). -> cookies to set.
 * @throws {Refusal} invalid_input on `code`, enrolment_expired, changes_frozen, conflict
 */
export async function confirmTotp(
  deps: Deps,
  visit: Visit,
  holder: Holder,
  { code, label, replacesId }: { code: string; label: string; replacesId: string | null },
): Promise<readonly SetCookie[]> {
  const { account } = holder;
  assertNotFrozen(account, visit.now);
  await assertAddressProven(deps.database.db, account);
  const replaced = await assertRoom(deps, holder, replacesId);
  const draft = await findDraft(deps, draftOwner(holder), 'totp', replacesId);
  if (!draft) throw new Refusal('enrolment_expired');
  const { secret, codes } = read(draft);
  const digits = normalizeCode(code);
  const step = digits === null ? null : matchStep(fromBase32(secret) as Buffer, digits, deps.clock.now());
  if (step === null) throw refuseField('code', 'code_wrong');

  const id = newId(deps.random);
  const factor = {
    id,
    account_id: account.id,
    kind: 'totp',
    label,
    sealed_data: deps.seal.seal('totp', rowOwner(account.id, id), secret),
    counter: step,
    created_at: visit.now,
  };
  const hashed = codes && !replaced ? await hashInTurn(deps, account.id, draft) : null;
  return deps.database.transaction(async (tx) => {
    await lockAccount(tx, account.id);
    if (!(await claimDraft(tx, draft.id, visit.now))) throw new Refusal('enrolment_expired');
    if (replaced) {
      await replaceFactor(tx, deps, visit, holder, replaced.id, factor);
      return [];
    }
    return switchOn(tx, deps, visit, holder, factor, { codes: hashed, amr: ['otp'] });
  });
}

/** -> the app to be replaced, if one is named. @throws {Refusal} not_found, too_many_factors */
async function assertRoom(deps: Deps, holder: Holder, replacesId: string | null): Promise<FactorRow | null> {
  await assertAccepted(deps.database.db, 'totp');
  const apps = appsOf(await listFactors(deps.database.db, holder.account.id));
  if (replacesId !== null) {
    // An enrolment pass enrols and does nothing else; one app among several would stay where it is.
    if (holder.kind === 'enrolment') throw new Refusal('not_found');
    const old = apps.find(({ id }) => id === replacesId);
    if (!old) throw new Refusal('not_found');
    return old;
  }
  if (!startsAnew(holder) && apps.length >= MOST_APPS) throw new Refusal('too_many_factors');
  return null;
}

function read(draft: Draft): TotpDraft {
  return { secret: String(draft.data['secret']), codes: draft.data['codes'] as string[] | null };
}
