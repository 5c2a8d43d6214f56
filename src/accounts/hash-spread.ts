import { putMeta, readMeta } from '../database/meta.ts';
import type { Db, Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { kindOf, likenessOf } from '../kit/foreign-hash.ts';
import { likeOurs } from '../kit/password-hash.ts';
import { countAccounts, countImportedHashes, countKinds, type Kind } from './hash-kinds.ts';

/**
 * A wrong password takes as long as the hash that is stored costs, and not all cost the same: some were imported, some
 * were made before `ARGON2` was changed, until their people sign in. Whoever measures would know which addresses have an
 * account. So unknown addresses are spread as the known ones are: of them, too, as large a share takes as long as each
 * kind does, always the same addresses, and fewer as people sign in (R55). Noted are all kinds, today's too, so that the
 * first request after a change of `ARGON2` is answered by what stands there already, and by each instance for its own.
 */
const KEY = 'password/hashes';
const EXACTNESS = 2 ** 32;

/** What is hashed where an address has no password that could be right; null: a hash of today's cost. */
export async function standInFor(
  { database, seal, hasher }: Pick<Deps, 'database' | 'seal' | 'hasher'>,
  addressKey: string,
): Promise<string | null> {
  const kinds = await readKinds(database.db);
  if (!kinds) return null;
  const fingerprint = Buffer.from(seal.mac('throttle', `stand-in/${addressKey}`), 'base64url');
  return chooseFrom(kinds, kindOfToday(hasher), fingerprint);
}

/** By two numbers of the address alone: whether it is one of those that cost otherwise than `today`, and which kind then. */
export function chooseFrom(kinds: readonly Kind[], today: string, fingerprint: Buffer): string | null {
  const others = kinds.filter(({ like }) => kindOf(like) !== today);
  if (fingerprint.readUInt32BE(0) / EXACTNESS >= countOf(others) / countOf(kinds)) return null;
  let place = (fingerprint.readUInt32BE(4) / EXACTNESS) * countOf(others);
  for (const { like, count } of others) {
    place -= count;
    if (place < 0) return like;
  }
  return null;
}

const countOf = (kinds: readonly Kind[]): number => kinds.reduce((sum, { count }) => sum + count, 0);

/** In the transaction that brings them: `brought` maps a stored hash, one for each kind, to how many came of it. */
export async function noteImported(
  tx: Tx,
  { hasher }: Pick<Deps, 'hasher'>,
  brought: ReadonlyMap<string, number>,
): Promise<void> {
  if (brought.size === 0) return;
  const added = [...brought].map(([stored, count]) => ({ like: likenessOf(stored), count }));
  const known = (await readKinds(tx)) ?? [
    {
      like: likeOurs(kindOfToday(hasher)),
      count: (await countAccounts(tx)) - (await countImportedHashes(tx)),
    },
  ];
  await writeKinds(tx, [...known, ...added]);
}

/** At every start and hourly: people sign in, and get a hash of today's. */
export async function refreshSpread({ database }: Pick<Deps, 'database'>): Promise<void> {
  const before = await readMeta(database.db, KEY);
  const counted = await countKinds(database.db);
  if (JSON.stringify(counted) === before) return;
  await database.transaction(async (tx) => {
    // An import that has ended meanwhile knows more.
    if ((await readMeta(tx, KEY)) === before) await writeKinds(tx, counted);
  });
}

function kindOfToday({ cost }: Deps['hasher']): string {
  return `$argon2id$v=19$${cost}`;
}

async function readKinds(db: Db): Promise<readonly Kind[] | null> {
  const value = await readMeta(db, KEY);
  return value === null ? null : (JSON.parse(value) as Kind[]);
}

async function writeKinds(tx: Tx, kinds: readonly Kind[]): Promise<void> {
  await putMeta(tx, KEY, JSON.stringify(kinds));
}
