import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import { lockAccount } from '../../accounts/store.ts';
import { isUniqueViolation } from '../../database/unique-violation.ts';
import type { Deps } from '../../deps.ts';
import { newId } from '../../kit/random.ts';
import { Refusal } from '../../kit/refusal.ts';
import { assertNotFrozen } from '../../policy/freeze.ts';
import type { Holder } from '../../sessions/require.ts';
import type { SetCookie } from '../../web/answer.ts';
import type { Visit } from '../../web/visit.ts';
import { assertAccepted, enrolmentPolicy } from '../accepted.ts';
import { claimDraft, codesOf, draftFor, draftOwner, findDraft } from '../draft.ts';
import type { FactorRow } from '../factor.ts';
import { hashInTurn } from '../recovery-codes/hash-in-turn.ts';
import { newCodes } from '../recovery-codes/rules.ts';
import { replaceFactor } from '../replace-factor.ts';
import { listFactors, type NewFactor } from '../store.ts';
import { assertAddressProven, startsAnew, switchOn } from '../switch-on.ts';
import { creationOptions, currentChallenge, spendChallenge } from './ask.ts';
import { MOST_KEYS } from './care.ts';
import { findByCredential, isAwaited, keysAmong, openKey, sealKey } from './keys.ts';
import { assertModel, demandedModels, usableMetadata } from './metadata/judge-key.ts';
import { modelName } from './models.ts';
import { readAttestation } from './read-credential.ts';
import { amrOf, distinctLabel, rpIdOf, standsBeside } from './rules.ts';
import { type NewKey, verifyAttestation } from './verify.ts';

/** What the page shows. `codes` only with the first factor of an account. */
export interface KeyDraft {
  readonly options: PublicKeyCredentialCreationOptionsJSON;
  readonly codes: readonly string[] | null;
  /** Not every model is accepted: the browser asks for the maker's word. */
  readonly demanding: boolean;
}

export interface KeyAnswer {
  readonly credential: string;
  /** null: it is called by its model. */
  readonly label: string | null;
  /** What it is called when the model is unknown. */
  readonly fallback: string;
  readonly replacesId: string | null;
}

/**
 * What to ask the browser for. Reloading shows the same challenge while it is young, and the same codes for ten minutes.
 * @throws {Refusal} address_unproven, method_forbidden, keys_need_name, other_factor_first, too_many_factors, not_found,
 * key_models_unavailable
 */
export async function beginKey(deps: Deps, holder: Holder, replacesId: string | null): Promise<KeyDraft> {
  const { account } = holder;
  await assertAddressProven(deps.database.db, account);
  const { rpId, keys } = await assertRoom(deps, holder, replacesId);
  const demanding = (await demandedModels(deps.database.db)) !== null;
  if (demanding) await usableMetadata(deps);
  const owner = draftOwner(holder);
  const asking = await currentChallenge(deps, { ...owner, purpose: 'enrol' });
  const own = keys.map((factor) => openKey(deps, factor)).filter(({ data }) => data.rpId === rpId);
  const rp = { id: rpId, name: deps.config.brand };
  const first = startsAnew(holder);
  const draft = first
    ? await draftFor(deps, owner, 'webauthn', null, () => ({ codes: newCodes(deps.random) }))
    : null;
  return {
    options: creationOptions(asking, rp, account, own, { now: deps.clock.now(), attested: demanding }),
    codes: draft && codesOf(draft),
    demanding,
  };
}

/**
 * The browser's answer puts the key in force, beside the others or in the place of one. -> cookies to set.
 * @throws {Refusal} key_not_added, key_model_refused, key_taken, enrolment_expired, changes_frozen, conflict, and those
 * of `beginKey`
 */
export async function addKey(
  deps: Deps,
  visit: Visit,
  holder: Holder,
  answer: KeyAnswer,
): Promise<readonly SetCookie[]> {
  const { account } = holder;
  assertNotFrozen(account, visit.now);
  await assertAddressProven(deps.database.db, account);
  const { rpId, keys, replaced } = await assertRoom(deps, holder, answer.replacesId);
  const owner = draftOwner(holder);
  // Bound to this session, and gone before anything is looked at (R17, R21).
  const challenge = await spendChallenge(deps, { ...owner, purpose: 'enrol' });
  const made = readAttestation(answer.credential);
  if (challenge === null || made === null) throw new Refusal('key_not_added');
  const { db } = deps.database;
  const demand = await demandedModels(db);
  const expected = { challenge, origin: deps.config.baseUrl, rpId };
  const key = await verifyAttestation(made, expected, { attested: demand !== null });
  if (!key) throw new Refusal('key_not_added');
  if (demand) await assertModel(deps, visit, account, key, demand);
  // In this order: between the two questions a key may be replaced, and not come back.
  if ((await findByCredential(db, key.id)) || (await isAwaited(db, key.id, visit.now)))
    throw new Refusal('key_taken');

  const taken = keys.filter((other) => other !== replaced).map(({ label }) => label);
  const name = answer.label ?? distinctLabel((await modelName(key.data.aaguid)) ?? answer.fallback, taken);
  const first = startsAnew(holder);
  const draft = first ? await findDraft(deps, owner, 'webauthn', null) : null;
  if (first && !draft) throw new Refusal('enrolment_expired');
  const codes = draft ? await hashInTurn(deps, account.id, draft) : null;
  const factor = newFactor(deps, visit, account.id, key, name);
  try {
    return await deps.database.transaction(async (tx) => {
      await lockAccount(tx, account.id);
      if (draft && !(await claimDraft(tx, draft.id, visit.now))) throw new Refusal('enrolment_expired');
      if (replaced) {
        await replaceFactor(tx, deps, visit, holder, replaced.id, factor);
        return [];
      }
      return switchOn(tx, deps, visit, holder, factor, { codes, amr: amrOf(key.data) });
    });
  } catch (error) {
    // Two sent the same credential at the same time: the index decides (R21).
    throw isUniqueViolation(error) ? new Refusal('key_taken') : error;
  }
}

function newFactor(deps: Deps, visit: Visit, accountId: string, key: NewKey, label: string): NewFactor {
  const id = newId(deps.random);
  return {
    id,
    account_id: accountId,
    kind: 'webauthn',
    label,
    sealed_data: sealKey(deps, accountId, id, key.data),
    external_id: key.id,
    counter: key.counter,
    created_at: visit.now,
  };
}

interface Place {
  readonly rpId: string;
  readonly keys: readonly FactorRow[];
  /** The key whose place the new one takes. */
  readonly replaced: FactorRow | null;
}

/** A key stands beside a factor of another kind, unless the organisation lets it come first (screen 5). */
async function assertRoom(deps: Deps, holder: Holder, replacesId: string | null): Promise<Place> {
  const { db } = deps.database;
  const { account } = holder;
  await assertAccepted(db, 'webauthn');
  const rpId = rpIdOf(deps.config.baseUrl);
  if (rpId === null) throw new Refusal('keys_need_name');
  const factors = await listFactors(db, account.id);
  const keys = keysAmong(factors);
  if (replacesId !== null) {
    const replaced = keys.find(({ id }) => id === replacesId);
    if (!replaced) throw new Refusal('not_found');
    return { rpId, keys, replaced };
  }
  // After a temporary pass what was there before goes.
  const anew = startsAnew(holder);
  if (!anew && keys.length >= MOST_KEYS) throw new Refusal('too_many_factors');
  const { forbidden, keysFirst } = await enrolmentPolicy(db);
  const beside = !anew && standsBeside(factors, forbidden);
  if (!beside && !keysFirst) throw new Refusal('other_factor_first');
  return { rpId, keys, replaced: null };
}
