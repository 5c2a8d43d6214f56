import type { X509Certificate } from 'node:crypto';
import type { Account } from '../../../accounts/account.ts';
import { record } from '../../../audit/record.ts';
import type { Db } from '../../../database/open.ts';
import type { Deps } from '../../../deps.ts';
import { Refusal } from '../../../kit/refusal.ts';
import { policyValue } from '../../../policy/values.ts';
import type { Visit } from '../../../web/visit.ts';
import type { NewKey } from '../verify.ts';
import { leadsTo } from './certificate-path.ts';
import { currentMetadata } from './current-metadata.ts';
import { ageOf, judgeModel, type Model, type ModelDemand } from './model-rules.ts';
import { certificates, type Metadata, MetadataRefused } from './read-metadata.ts';
import { refreshMetadata } from './refresh-metadata.ts';

/** Null where any key will do, which is the default: then nobody asks a key for its model (R23). */
export async function demandedModels(db: Db): Promise<ModelDemand | null> {
  const demand = await policyValue(db, 'key_models');
  return demand === 'any' ? null : demand;
}

/**
 * By what new keys are judged. Where it is missing or due, one request fetches it, for 10 s at most. Keys that were added
 * before are not asked again, whatever becomes of the list. @throws {Refusal} key_models_unavailable
 */
export async function usableMetadata(deps: Deps): Promise<Metadata> {
  const found = (await freshMetadata(deps)) ?? (await refreshMetadata(deps).then(() => freshMetadata(deps)));
  if (!found) throw new Refusal('key_models_unavailable', { retryAfter: 60 });
  return found;
}

async function freshMetadata(deps: Deps): Promise<Metadata | null> {
  const now = deps.clock.now();
  try {
    const metadata = await currentMetadata(deps, now);
    return metadata && ageOf(metadata.nextUpdateAt, now) !== 'stale' ? metadata : null;
  } catch (error) {
    // Upkeep says so in the log, every hour.
    if (error instanceof MetadataRefused) return null;
    throw error;
  }
}

/**
 * Refuses a key of a model that administrators don't accept, or that nobody vouches for, and records which.
 * @throws {Refusal} key_model_refused, key_models_unavailable
 */
export async function assertModel(
  deps: Deps,
  visit: Visit,
  account: Account,
  { data: { aaguid }, attestation }: NewKey,
  demand: ModelDemand,
): Promise<void> {
  const { models } = await usableMetadata(deps);
  const model = models.get(aaguid);
  const verdict = judgeModel(aaguid, model, demand);
  const reason =
    verdict !== 'accepted' ? verdict : isOfModel(model, attestation, visit.now) ? null : 'unproven';
  if (reason === null) return;
  await deps.database.transaction((tx) =>
    record(tx, visit, {
      event: 'factor.refused',
      outcome: 'failure',
      subject: account,
      method: 'webauthn',
      detail: { aaguid, reason },
    }),
  );
  throw new Refusal('key_model_refused');
}

/** The model's maker vouches for this very key: what a key says of itself is no proof of what it is. */
function isOfModel(
  model: Model | undefined,
  attestation: readonly X509Certificate[] | null,
  now: number,
): boolean {
  if (!model || !attestation) return false;
  if (!model.attestationTypes.some((type) => type === 'basic_full' || type === 'attca')) return false;
  return leadsTo(model.roots.flatMap(readable), attestation, now);
}

/** A root that can't be read vouches for nothing, and takes nothing from the others. */
function readable(root: string): X509Certificate[] {
  try {
    return certificates([root]);
  } catch {
    return [];
  }
}
