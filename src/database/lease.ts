import type { Tx } from './open.ts';

/** A turn that one process of all that share the database has at a time. */
export interface LeaseClaim {
  readonly name: string;
  /** Unique among all processes that share the database. */
  readonly holder: string;
  readonly now: number;
  /** Epoch milliseconds: then it is anybody's, whatever became of the holder. */
  readonly until: number;
}

/** Takes the lease, or keeps it a while longer. False while another process has it. */
export async function takeLease(tx: Tx, { name, holder, now, until }: LeaseClaim): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('lease')
    .values({ name, holder, until_at: until })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ holder, until_at: until })
        .where((eb) => eb.or([eb('lease.holder', '=', holder), eb('lease.until_at', '<=', now)])),
    )
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Whoever comes next need not wait for its end. */
export async function dropLease(
  tx: Tx,
  { name, holder, now }: Pick<LeaseClaim, 'name' | 'holder' | 'now'>,
): Promise<void> {
  await tx
    .updateTable('lease')
    .set({ until_at: now })
    .where('name', '=', name)
    .where('holder', '=', holder)
    .execute();
}
