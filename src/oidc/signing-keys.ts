import type { Deps } from '../deps.ts';
import { newSigningKey, type PrivateJwk, type SigningAlg } from '../kit/key-pair.ts';
import { AHEAD, isDue, isForgotten, newestOf, publishedKeys, signingKey } from './key-rules.ts';
import { deleteKeys, insertKey, listKeys, type SigningKeyRow } from './key-store.ts';

type KeyDeps = Pick<Deps, 'database' | 'clock' | 'seal'>;

/** RS256 is what every app understands and the default; ES256 is offered beside it. */
const ALGS: readonly SigningAlg[] = ['RS256', 'ES256'];

/** In the order in which they are published: of each alg, the one that signs is the first. */
export async function loadSigningKeys(deps: KeyDeps): Promise<PrivateJwk[]> {
  const { database, clock, seal } = deps;
  let rows = await listKeys(database.db);
  const missing = ALGS.filter((alg) => signingKey(rows, alg, clock.now()) === null);
  if (missing.length > 0) {
    for (const alg of missing) await makeKey(deps, alg, rows, clock.now());
    rows = await listKeys(database.db);
  }
  return publishedKeys(rows, clock.now()).map((row) => openKey(seal, row));
}

function openKey(seal: Deps['seal'], { id, sealed }: SigningKeyRow): PrivateJwk {
  return JSON.parse(seal.open('signing-key', id, sealed)) as PrivateJwk;
}

/**
 * The next key of each alg: published now, used a day later; what it replaces stays published for a month. For the
 * operator, and once a year by itself. `atOnce`: the old one may have been seen by somebody; apps that keep our keys
 * for a while refuse sign-ins until they look again. -> the ids of the new keys
 */
export async function rotateSigningKeys(deps: KeyDeps, { atOnce = false } = {}): Promise<string[]> {
  const rows = await listKeys(deps.database.db);
  const made: string[] = [];
  for (const alg of ALGS) {
    const id = await makeKey(deps, alg, rows, deps.clock.now() + (atOnce ? 0 : AHEAD));
    if (id !== null) made.push(id);
  }
  return made;
}

/**
 * What there is, for the operator. `state`: `signs`, `coming` (published, used from `active_at` on) or `published`
 * (signed before).
 */
export async function listSigningKeys({
  database,
  clock,
}: Pick<Deps, 'database' | 'clock'>): Promise<
  (Pick<SigningKeyRow, 'id' | 'alg' | 'active_at'> & { state: string })[]
> {
  const now = clock.now();
  const rows = await listKeys(database.db);
  return publishedKeys(rows, now).map(({ id, alg, active_at }) => {
    const signs = signingKey(rows, alg, now)?.id === id;
    return { id, alg, active_at, state: signs ? 'signs' : active_at > now ? 'coming' : 'published' };
  });
}

/** Hourly: makes what is due, forgets what nobody needs any more. */
export async function renewSigningKeys(deps: KeyDeps): Promise<void> {
  const now = deps.clock.now();
  const rows = await listKeys(deps.database.db);
  for (const alg of ALGS) if (isDue(rows, alg, now)) await makeKey(deps, alg, rows, now + AHEAD);
  const forgotten = rows.filter((row) => isForgotten(rows, row, now)).map(({ id }) => id);
  if (forgotten.length > 0) await deps.database.transaction((tx) => deleteKeys(tx, forgotten));
}

/** Null where another process was faster. */
async function makeKey(
  { database, clock, seal }: KeyDeps,
  alg: SigningAlg,
  rows: readonly SigningKeyRow[],
  activeAt: number,
): Promise<string | null> {
  const jwk = await newSigningKey(alg);
  const row = {
    id: jwk.kid,
    alg,
    generation: (newestOf(rows, alg)?.generation ?? 0) + 1,
    sealed: seal.seal('signing-key', jwk.kid, JSON.stringify(jwk)),
    created_at: clock.now(),
    active_at: activeAt,
  };
  return (await database.transaction((tx) => insertKey(tx, row))) ? jwk.kid : null;
}
