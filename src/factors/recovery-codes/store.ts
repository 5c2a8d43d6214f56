import type { Db, Tx } from '../../database/open.ts';
import { prepared } from '../../database/prepared.ts';
import type { Deps } from '../../deps.ts';
import { newId } from '../../kit/random.ts';

const SALT_BYTES = 16;

/** A set that is hashed and may be stored; made outside the transaction, since hashing takes its time. */
export interface HashedSet {
  readonly id: string;
  readonly salt: string;
  readonly cost: string;
  readonly hashes: readonly string[];
}

/** One after another, so that of a set one hash at a time waits among everybody's. @throws {Refusal} busy */
export async function hashCodes(
  { hasher, random }: Pick<Deps, 'hasher' | 'random'>,
  codes: readonly string[],
): Promise<HashedSet> {
  const salt = random.bytes(SALT_BYTES);
  const { cost } = hasher;
  const hashes: string[] = [];
  for (const code of codes) hashes.push(await hasher.digest(code, salt, cost));
  return { id: newId(random), salt: salt.toString('base64url'), cost, hashes };
}

/** The new set is valid and the old one dead, in one transaction (R27). */
export async function replaceCodes(tx: Tx, accountId: string, set: HashedSet, now: number): Promise<void> {
  await tx.deleteFrom('recovery_code').where('account_id', '=', accountId).execute();
  await tx.deleteFrom('recovery_code_set').where('account_id', '=', accountId).execute();
  await tx
    .insertInto('recovery_code_set')
    .values({ account_id: accountId, id: set.id, salt: set.salt, cost: set.cost, created_at: now })
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

/**
 * What was typed, hashed as the codes of this person's set are. Where it cannot be a code, or there is no set, something
 * is hashed all the same, so that its answer takes as long. @throws {Refusal} busy
 */
export async function hashTyped(
  { hasher, database }: Pick<Deps, 'hasher' | 'database'>,
  accountId: string,
  code: string | null,
): Promise<string> {
  const set = await database.db
    .selectFrom('recovery_code_set')
    .select(['salt', 'cost'])
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  const salt = set ? Buffer.from(set.salt, 'base64url') : Buffer.alloc(SALT_BYTES);
  return hasher.digest(code ?? '', salt, set?.cost ?? hasher.cost);
}

/**
 * For sets of before `cost` was kept, also those that an older version still makes beside this one, and those of an older
 * backup: they cost what `ARGON2` says until somebody changes it.
 */
export async function noteCost({ hasher, database }: Pick<Deps, 'hasher' | 'database'>): Promise<void> {
  await database.db
    .updateTable('recovery_code_set')
    .set({ cost: hasher.cost })
    .where('cost', 'is', null)
    .execute();
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
