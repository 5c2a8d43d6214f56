import type { Database } from '../database/open.ts';

export interface LeaseClaim {
  readonly name: string;
  /** Unique among all processes that share the database. */
  readonly holder: string;
  readonly now: number;
  /** Epoch milliseconds: then it is anybody's, whatever became of the holder. */
  readonly until: number;
}

/** Takes the lease, or keeps it a while longer. False while another process has it. */
export async function takeLease(
  database: Database,
  { name, holder, now, until }: LeaseClaim,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await database.transaction((tx) =>
    tx
      .insertInto('lease')
      .values({ name, holder, until_at: until })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet({ holder, until_at: until })
          .where((eb) => eb.or([eb('lease.holder', '=', holder), eb('lease.until_at', '<=', now)])),
      )
      .executeTakeFirst(),
  );
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}
