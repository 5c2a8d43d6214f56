import { sql } from 'kysely';
import type { Db } from '../database/open.ts';
import { kindOf, likenessOf } from '../kit/foreign-hash.ts';
import { likeOurs } from '../kit/password-hash.ts';
import { accountSlices, type Slice } from './slices.ts';

/** Passwords whose check costs the same: a hash like theirs that none of them meets, and how many there are. */
export interface Kind {
  readonly like: string;
  readonly count: number;
}

/** Of all accounts that have a password, a slice at a time. */
export async function countKinds(db: Db): Promise<readonly Kind[]> {
  const kinds = new Map<string, Kind>();
  const add = (kind: string, like: string, count: number) =>
    kinds.set(kind, { like: kinds.get(kind)?.like ?? like, count: (kinds.get(kind)?.count ?? 0) + count });
  const areThereImported = (await countImportedHashes(db)) > 0;
  for await (const slice of accountSlices(db, {})) {
    for (const { kind, count } of await ownKinds(db, slice)) add(kind, likeOurs(kind), Number(count));
    if (!areThereImported) continue;
    for (const stored of await importedHashes(db, slice)) add(kindOf(stored), likenessOf(stored), 1);
  }
  return [...kinds.values()].sort((a, b) => (a.like < b.like ? -1 : 1));
}

/** As the index has it, to the letter. */
const isImported = sql<boolean>`substr(password_hash, 1, 8) = '$import$'`;

/** Without salt and digest. */
const kindOfOurs = sql<string>`substr(password_hash, 1, length(password_hash) - ${sql.lit(likeOurs('').length)})`;

function ownKinds(db: Db, { after, upTo }: Slice): Promise<{ kind: string; count: number }[]> {
  return db
    .selectFrom('account')
    .select((eb) => [kindOfOurs.as('kind'), eb.fn.countAll<number>().as('count')])
    .where('id', '>', after)
    .where('id', '<=', upTo)
    .where('password_hash', 'like', '$argon2id$%')
    .groupBy(kindOfOurs)
    .execute();
}

async function importedHashes(db: Db, { after, upTo }: Slice): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('account')
    .select('password_hash')
    .where('id', '>', after)
    .where('id', '<=', upTo)
    .where(isImported)
    .execute();
  return rows.map(({ password_hash }) => password_hash as string);
}

/** Accounts whose password nobody has used since it was imported. */
export async function countImportedHashes(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('account')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where(isImported)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function countAccounts(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('account')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}
