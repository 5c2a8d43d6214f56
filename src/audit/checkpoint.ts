import type { Selectable } from 'kysely';
import type { Db, Tx } from '../database/open.ts';
import type { AuditCutTable } from '../database/tables/audit.ts';
import type { Seal } from '../kit/seal.ts';

/**
 * Where the chain begins since records that were old enough have been removed. Keyed like a link: whoever can write to
 * the database but has no key ring cannot move the beginning, and so cannot remove what speaks against them (R73).
 */
export type Checkpoint = Omit<Selectable<AuditCutTable>, 'id' | 'proof'>;

function proofOf(seal: Seal, { position, hash, removed, removed_until_at, key_id }: Checkpoint): string {
  return seal.mac('audit', `cut\n${position}\n${hash}\n${removed}\n${removed_until_at}`, key_id);
}

/** Null where nothing was ever removed; `forged` where it is not ours. */
export async function readCheckpoint(db: Db, seal: Seal): Promise<Checkpoint | null | 'forged'> {
  const row = await db.selectFrom('audit_cut').selectAll().executeTakeFirst();
  if (!row) return null;
  const { id: _id, proof, ...checkpoint } = row;
  try {
    return proof === proofOf(seal, checkpoint) ? checkpoint : 'forged';
  } catch {
    // Its key is not in the ring.
    return 'forged';
  }
}

/** Before the records that it covers are deleted, in the same transaction. */
export async function writeCheckpoint(tx: Tx, seal: Seal, checkpoint: Checkpoint): Promise<void> {
  const values = { ...checkpoint, proof: proofOf(seal, checkpoint) };
  await tx
    .insertInto('audit_cut')
    .values({ id: 1, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute();
}
