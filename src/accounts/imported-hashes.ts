import { sql } from 'kysely';
import type { Db, Tx } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import type { Deps } from '../deps.ts';
import { likenessOf } from '../kit/foreign-hash.ts';

/**
 * Until somebody signs in after an import, a wrong password at their address takes as long as the other system's hash
 * does, and not as long as ours: whoever measures would know that the address has an account. So unknown addresses are
 * spread as the known ones are: of them, too, as large a share takes as long as an imported one, always the same
 * addresses, and fewer as people sign in (R55).
 */
interface Spread {
  /** Of all accounts, those that still have an imported hash: 0 to 1. */
  readonly share: number;
  /** What the imported ones look like, and how many came of each kind. */
  readonly kinds: readonly { readonly like: string; readonly count: number }[];
}

const KEY = 'imported/hashes';
const EXACTNESS = 2 ** 32;

const read = prepared<{ key: string }>()((db, { key }) =>
  db.selectFrom('meta').select('value').where('key', '=', key),
);

/** What is hashed where an address has no password that could be right; null: a hash of ours. */
export async function standInFor(
  { database, seal }: Pick<Deps, 'database' | 'seal'>,
  addressKey: string,
): Promise<string | null> {
  const spread = await readSpread(database.db);
  return (
    spread && chooseFrom(spread, Buffer.from(seal.mac('throttle', `stand-in/${addressKey}`), 'base64url'))
  );
}

/** Two numbers of the address alone: whether it is one of the share, and which kind then. */
export function chooseFrom({ share, kinds }: Spread, fingerprint: Buffer): string | null {
  if (fingerprint.readUInt32BE(0) / EXACTNESS >= share) return null;
  const total = kinds.reduce((sum, { count }) => sum + count, 0);
  let place = (fingerprint.readUInt32BE(4) / EXACTNESS) * total;
  for (const { like, count } of kinds) {
    place -= count;
    if (place < 0) return like;
  }
  return null;
}

/** In the transaction that brings them: `kinds` maps a stored hash, one for each kind, to how many came of it. */
export async function noteKinds(tx: Tx, kinds: ReadonlyMap<string, number>): Promise<void> {
  const known = (await readSpread(tx))?.kinds ?? [];
  const added = [...kinds].map(([stored, count]) => ({ like: likenessOf(stored), count }));
  if (added.length === 0) return;
  await writeSpread(tx, { share: await shareOf(tx), kinds: [...known, ...added] });
}

/** Hourly: people sign in, and their hashes become ours. */
export async function refreshShare({ database }: Pick<Deps, 'database'>): Promise<void> {
  const spread = await readSpread(database.db);
  if (!spread) return;
  const share = await shareOf(database.db);
  if (share === spread.share) return;
  await database.transaction(async (tx) => {
    if (share > 0) await writeSpread(tx, { ...spread, share });
    else await tx.deleteFrom('meta').where('key', '=', KEY).execute();
  });
}

/** Accounts whose password nobody has used since it was imported. */
export async function countImportedHashes(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('account')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    // As the index has it, to the letter.
    .where(sql<boolean>`substr(password_hash, 1, 8) = '$import$'`)
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function shareOf(db: Db): Promise<number> {
  const imported = await countImportedHashes(db);
  if (imported === 0) return 0;
  const { count } = await db
    .selectFrom('account')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return imported / Number(count);
}

async function readSpread(db: Db): Promise<Spread | null> {
  const [row] = await read(db, { key: KEY });
  return row ? (JSON.parse(row.value) as Spread) : null;
}

async function writeSpread(tx: Tx, spread: Spread): Promise<void> {
  const value = JSON.stringify(spread);
  await tx
    .insertInto('meta')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}
