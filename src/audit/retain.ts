import type { Tx } from '../database/open.ts';
import { DAY } from '../kit/clock.ts';
import { pause } from '../kit/pause.ts';
import { policyValue } from '../policy/values.ts';
import { type ChainDeps, holdChain } from './chain.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { nowhere } from './place.ts';
import { record } from './record.ts';

/** A batch takes some milliseconds, and sign-ins come in between. */
const BATCH = 250;
const BREATH_MS = 20;

/**
 * Removes the records that are older than `record_retention_days`, from the front of the chain and batch by batch; the
 * checkpoint takes their place, and `audit verify` starts from it. Only what is in the chain goes, and its last link
 * stays. -> how many were removed.
 */
export async function removeOldRecords(deps: ChainDeps): Promise<number> {
  const { database, clock, seal } = deps;
  const days = await policyValue(database.db, 'record_retention_days');
  if (days === 0) return 0;
  const before = clock.now() - days * DAY;
  // What somebody else has put there must not be signed by us: `audit verify` tells of it.
  if ((await readCheckpoint(database.db, seal)) === 'forged') return 0;
  let removed = 0;
  for (;;) {
    const count = await database.transaction((tx) => removeBatch(tx, deps, before));
    removed += count;
    if (count < BATCH) break;
    await pause(BREATH_MS);
  }
  if (removed > 0) {
    const place = nowhere(clock.now());
    const entry = { event: 'records.removed' as const, subject: null, actor: 'system' };
    await database.transaction((tx) => record(tx, place, { ...entry, detail: { count: removed, days } }));
  }
  return removed;
}

async function removeBatch(tx: Tx, { clock, seal }: ChainDeps, before: number): Promise<number> {
  await holdChain(tx, 'retention', clock.now());
  const last = await readCheckpoint(tx, seal);
  if (last === 'forged') return 0;
  const old = await oldest(tx, before);
  const end = old.at(-1);
  if (!end) return 0;
  await writeCheckpoint(tx, seal, {
    position: end.position,
    hash: end.hash,
    removed: (last?.removed ?? 0) + old.length,
    removed_until_at: Math.max(last?.removed_until_at ?? 0, ...old.map(({ at }) => at)),
    key_id: seal.activeKey,
  });
  const covered = tx.selectFrom('audit_link').select('event_seq').where('position', '<=', end.position);
  await tx.deleteFrom('audit_event').where('seq', 'in', covered).execute();
  await tx.deleteFrom('audit_link').where('position', '<=', end.position).execute();
  return old.length;
}

/** The links from the front whose events are old enough, up to the first one that isn't, and never the last of all. */
async function oldest(tx: Tx, before: number) {
  const rows = await tx
    .selectFrom('audit_link')
    .innerJoin('audit_event', 'audit_event.seq', 'audit_link.event_seq')
    .select(['audit_link.position', 'audit_link.hash', 'audit_event.at'])
    .orderBy('audit_link.position')
    .limit(BATCH + 1)
    .execute();
  const young = rows.findIndex(({ at }) => at >= before);
  // One more was read than can go: where there is none more, the last one is the end of the chain.
  return rows.slice(0, young < 0 ? rows.length - 1 : Math.min(young, BATCH, rows.length - 1));
}
