import type { Db, Tx } from '../../database/open.ts';
import { prepared } from '../../database/prepared.ts';
import type { Deps } from '../../deps.ts';
import { newId } from '../../kit/random.ts';

const SALT_BYTES = 16;

/** A set that is hashed and may be stored; made outside the transaction, since hashing takes its time. */
export interface HashedSet {
  readonly id: string;
  readonly salt: string;
  readonly hashes: readonly string[];
}

export async function hashCodes({ hasher, random }: Deps, codes: readonly string[]): Promise<HashedSet> {
  const salt = random.bytes(SALT_BYTES);
  const hashes = await Promise.all(codes.map((code) => hasher.digest(code, salt)));
  return { id: newId(random), salt: salt.toString('base64url'), hashes };
}

/** The new set is valid and the old one dead, in one transaction (R27). */
export async function replaceCodes(tx: Tx, accountId: string, set: HashedSet, now: number): Promise<void> {
  await tx.deleteFrom('recovery_code').where('account_id', '=', accountId).execute();
  await tx.deleteFrom('recovery_code_set').where('account_id', '=', accountId).execute();
  await tx
    .insertInto('recovery_code_set')
    .values({ account_id: accountId, id: set.id, salt: set.salt, created_at: now })
    .execute();
  await tx
    .insertInto('recovery_code')
    .values(
      set.hashes.map((hash, index) => ({
        account_id: accountId,
        hash,
        set_id: set.id,
        number: index + 1,
        used_at: null,
      })),
    )
    .execute();
}

export async function findSalt(db: Db, accountId: string): Promise<Buffer | null> {
  const set = await db
    .selectFrom('recovery_code_set')
    .select('salt')
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return set ? Buffer.from(set.salt, 'base64url') : null;
}

/** Always with the account in the key (R26): another person's code finds nothing. */
export async function findCode(db: Db, accountId: string, hash: string) {
  return db
    .selectFrom('recovery_code')
    .select(['number', 'used_at', 'set_id'])
    .where('account_id', '=', accountId)
    .where('hash', '=', hash)
    .executeTakeFirst();
}

/** One winner over all instances (R26). */
export async function claimCode(tx: Tx, accountId: string, hash: string, now: number): Promise<boolean> {
  const result = await tx
    .updateTable('recovery_code')
    .set({ used_at: now })
    .where('account_id', '=', accountId)
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

const left = prepared<{ accountId: string }>()((db, { accountId }) =>
  db
    .selectFrom('recovery_code_set as one')
    .select((eb) => [
      'one.created_at',
      eb
        .selectFrom('recovery_code')
        .select((code) => code.fn.countAll<number>().as('count'))
        .where('recovery_code.account_id', '=', accountId)
        .where('recovery_code.used_at', 'is', null)
        .as('left'),
    ])
    .where('one.account_id', '=', accountId),
);

/** How many of a set are left, and when it was made; null where there is none. */
export async function codesLeft(db: Db, accountId: string): Promise<{ left: number; madeAt: number } | null> {
  const [set] = await left(db, { accountId });
  return set ? { left: Number(set.left ?? 0), madeAt: set.created_at } : null;
}

/** The lowest number of a code that is not used; null where none is left. */
export async function firstUnused(db: Db, accountId: string): Promise<number | null> {
  const row = await db
    .selectFrom('recovery_code')
    .select('number')
    .where('account_id', '=', accountId)
    .where('used_at', 'is', null)
    .orderBy('number')
    .executeTakeFirst();
  return row ? Number(row.number) : null;
}
