import { takeLease } from '../../../database/lease.ts';
import type { Deps } from '../../../deps.ts';
import { DAY, MINUTE } from '../../../kit/clock.ts';
import { newId } from '../../../kit/random.ts';
import { policyValue } from '../../../policy/values.ts';
import { currentMetadata, fidoRoots } from './current-metadata.ts';
import { download } from './download.ts';
import { ageOf, staleAt } from './model-rules.ts';
import { type Metadata, MetadataRefused, readMetadata } from './read-metadata.ts';
import { findStamp, noteFetched, storeMetadata } from './store.ts';

/** FIDO may revoke a model before the next issue is due. */
const LOOK_AGAIN_AFTER = 7 * DAY;
/** One process fetches at a time; a crash gives the turn back after so long. */
const LEASE = 'key-metadata';
const LEASE_LENGTH = MINUTE;

/**
 * The hourly look at FIDO's list of models, where administrators demand models: fetches it when it is due, and logs an
 * alarm when it is late, stale or missing (R23).
 */
export async function keepMetadata(deps: Deps): Promise<void> {
  if ((await policyValue(deps.database.db, 'key_models')) === 'any') return;
  await refreshMetadata(deps);
  const now = deps.clock.now();
  const metadata = await currentMetadata(deps, now).catch((error) => alarm(deps, error));
  if (!metadata) {
    deps.log.error('the list of key models is missing: no new security key is accepted');
    return;
  }
  const age = ageOf(metadata.nextUpdateAt, now);
  const nextUpdate = dayOf(metadata.nextUpdateAt);
  if (age === 'stale')
    deps.log.error({ nextUpdate }, 'the list of key models is stale: no new security key is accepted');
  if (age === 'late') {
    const from = dayOf(staleAt(metadata.nextUpdateAt));
    deps.log.warn(
      { nextUpdate, from },
      'the list of key models is late: without a newer one, new keys are refused',
    );
  }
}

/** Fetches the next issue where it is due and nobody else is fetching it. Whatever goes wrong is logged. */
export async function refreshMetadata(deps: Deps): Promise<void> {
  const { config, database, clock, random, log } = deps;
  if (config.mdsFile !== null) return;
  const kept = await currentMetadata(deps, clock.now()).catch((error) => alarm(deps, error));
  if (!(await isDue(deps, kept))) return;
  const begun = clock.now();
  const claim = { name: LEASE, holder: newId(random), now: begun, until: begun + LEASE_LENGTH };
  if (!(await database.transaction((tx) => takeLease(tx, claim)))) return;
  try {
    const file = await download(config.mdsUrl);
    const now = clock.now();
    const { no } = readMetadata(file, await fidoRoots(), now);
    // An older issue never takes the place of a newer one: it might not know yet what was revoked since.
    const newer = kept === null || no > kept.no;
    await database.transaction((tx) =>
      newer ? storeMetadata(tx, { no, file, fetched_at: now }) : noteFetched(tx, now),
    );
    log.info({ no, newer }, 'the list of key models was fetched');
  } catch (error) {
    alarm(deps, error);
  }
}

async function isDue({ database, clock }: Deps, kept: Metadata | null): Promise<boolean> {
  const fetchedAt = (await findStamp(database.db))?.fetched_at ?? 0;
  const now = clock.now();
  return kept === null || now >= kept.nextUpdateAt || fetchedAt <= now - LOOK_AGAIN_AFTER;
}

/** What the operator can do something about. @throws anything else */
function alarm({ log }: Deps, error: unknown): null {
  if (!(error instanceof MetadataRefused)) throw error;
  log.error({ reason: error.message }, 'the list of key models cannot be used');
  return null;
}

export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
