import { changeSecurity, lockAccount } from '../../accounts/store.ts';
import { record } from '../../audit/record.ts';
import type { Deps } from '../../deps.ts';
import { fromBase32, toBase32 } from '../../kit/encoding.ts';
import { newId } from '../../kit/random.ts';
import { Refusal, refuseField } from '../../kit/refusal.ts';
import { notify } from '../../notices/notify.ts';
import { assertNotFrozen } from '../../policy/freeze.ts';
import type { Holder } from '../../sessions/require.ts';
import type { SetCookie } from '../../web/answer.ts';
import type { Visit } from '../../web/visit.ts';
import { claimDraft, type Draft, draftFor, findDraft } from '../draft.ts';
import type { FactorRow } from '../factor.ts';
import { newCodes } from '../recovery-codes/rules.ts';
import { hashCodes } from '../recovery-codes/store.ts';
import { deleteFactor, findFactor, insertFactor, listFactors } from '../store.ts';
import { assertAddressProven, holderId, switchOn } from '../switch-on.ts';
import { matchStep, normalizeCode, SECRET_BYTES } from './rules.ts';
import { appsOf, secretOwner } from './totp.ts';

/** Each app more is one more code that a guess could hit. */
export const MOST_APPS = 5;

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
  const owner = { accountId: account.id, holderId: holderId(holder) };
  const draft = await draftFor(deps, owner, 'totp', replacesId, () => ({
    secret: toBase32(deps.random.bytes(SECRET_BYTES)),
    codes: account.two_factor_at === null ? newCodes(deps.random) : null,
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
  const owner = { accountId: account.id, holderId: holderId(holder) };
  const draft = await findDraft(deps, owner, 'totp', replacesId);
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
    sealed_data: deps.seal.seal('totp', secretOwner(account.id, id), secret),
    counter: step,
    created_at: visit.now,
  };
  const hashed = codes && !replaced ? await hashCodes(deps, codes) : null;
  return deps.database.transaction(async (tx) => {
    if (!(await claimDraft(tx, draft.id, visit.now))) throw new Refusal('enrolment_expired');
    if (replaced) return replaceApp(tx, deps, visit, holder, replaced.id, factor);
    return switchOn(tx, deps, visit, holder, factor, { codes: hashed, amr: ['otp'] });
  });
}

/** The old app works until this moment, and comes back by the undo link for a day (screen 6). */
async function replaceApp(
  tx: Parameters<typeof insertFactor>[0],
  deps: Deps,
  visit: Visit,
  holder: Holder,
  oldId: string,
  factor: Parameters<typeof insertFactor>[1],
): Promise<readonly SetCookie[]> {
  const account = await lockAccount(tx, holder.account.id);
  if (!account || account.security_version !== holder.account.security_version) throw new Refusal('conflict');
  assertNotFrozen(account, visit.now);
  // Read here and not before: a code of it may have been spent meanwhile, and the undo must not give it back (R10).
  const old = await findFactor(tx, account.id, oldId);
  if (!old || !(await deleteFactor(tx, account.id, old.id))) throw new Refusal('conflict');
  await insertFactor(tx, factor);
  await changeSecurity(tx, account, {});
  await record(tx, visit, { event: 'factor.replaced', subject: account, method: 'totp' });
  const undo = {
    id: old.id,
    kind: old.kind,
    label: old.label,
    sealed_data: old.sealed_data ?? '',
    counter: String(old.counter),
    created_at: String(old.created_at),
    new_id: factor.id,
  };
  const notice = { kind: 'app_replaced' as const, factorId: factor.id, label: factor.label, undo };
  await notify(tx, deps, visit, account, notice, {
    sessionId: holder.kind === 'session' ? holder.session.id : null,
  });
  return [];
}

/** -> the app to be replaced, if one is named. @throws {Refusal} not_found, too_many_factors */
async function assertRoom(
  deps: Deps,
  { account }: Holder,
  replacesId: string | null,
): Promise<FactorRow | null> {
  const apps = appsOf(await listFactors(deps.database.db, account.id));
  if (replacesId !== null) {
    const old = apps.find(({ id }) => id === replacesId);
    if (!old) throw new Refusal('not_found');
    return old;
  }
  if (apps.length >= MOST_APPS) throw new Refusal('too_many_factors');
  return null;
}

function read(draft: Draft): TotpDraft {
  return { secret: String(draft.data['secret']), codes: draft.data['codes'] as string[] | null };
}
