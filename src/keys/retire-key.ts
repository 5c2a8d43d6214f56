import { nowhere } from '../audit/place.ts';
import { record } from '../audit/record.ts';
import { readKeyFile, removeKey } from '../database/key-file.ts';
import { listKnownKeys, writeKnownKey } from '../database/key-ledger.ts';
import type { Deps } from '../deps.ts';
import { keyUses } from './key-use.ts';
import { RingRefused, withRing } from './rotate-keys.ts';

type RetireDeps = Pick<Deps, 'config' | 'database' | 'clock' | 'random' | 'seal'>;

/**
 * Takes a key out of the ring's file, when nothing in the database needs it any more. Backups that were made while it was
 * active need it to be restored. @throws {RingRefused} @throws {KeyFileClosed}
 */
export async function retireKey(deps: RetireDeps, id: string, actor: string): Promise<void> {
  await withRing(deps, async (path) => {
    deps.seal.learn(readKeyFile(path));
    const use = (await keyUses(deps)).find((key) => key.id === id);
    if (!use || !readKeyFile(path).keys.has(id))
      throw new RingRefused('key_unknown', `The key ring has no key "${id}".`);
    refuseUsed(use);
    const now = deps.clock.now();
    // The database lets go first: a crash in between leaves a key too many, which harms nobody.
    await deps.database.transaction(async (tx) => {
      const known = (await listKnownKeys(tx)).find((key) => key.id === id);
      if (known) await writeKnownKey(tx, { ...known, retired_at: known.retired_at ?? now });
      const entry = { event: 'keys.retired' as const, subject: null, actor, detail: { key: id } };
      await record(tx, nowhere(now), entry);
    });
    removeKey(path, id, deps.random);
  });
}

function refuseUsed({ id, state, rows, records }: Awaited<ReturnType<typeof keyUses>>[number]): void {
  if (state === 'unused') return;
  const why: Partial<Record<typeof state, string>> = {
    active: 'new secrets are sealed with it: run `keys rotate` first',
    opening: `secrets that are still sealed with it: ${rows}; the running server re-seals them, and looks every ten minutes`,
    records: `the audit chain is checked with it; its ${records} records are removed when they are older than record_retention_days`,
  };
  throw new RingRefused('key_in_use', `The key "${id}" stays: ${why[state] ?? 'it is in use'}.`);
}
