import { listKnownKeys, newestOf, writeKnownKey } from '../database/key-ledger.ts';
import { dropLease, takeLease } from '../database/lease.ts';
import type { Deps } from '../deps.ts';
import { MINUTE } from '../kit/clock.ts';
import { pause } from '../kit/pause.ts';
import { newId } from '../kit/random.ts';
import { keyIdOf, SealBroken } from '../kit/seal.ts';
import { readSealed, SEALED, type SealedColumn, type SealedRow, withSealed } from './sealed-columns.ts';
import { nextLinkKeys, nextSealed, replaceSealed } from './store.ts';

type ResealDeps = Pick<Deps, 'database' | 'clock' | 'random' | 'seal' | 'log'>;

/** A page is read and sealed anew in a few milliseconds; sign-ins come in between. */
const PAGE = 200;
const BREATH_MS = 10;
const LEASE_NAME = 'reseal';
const LEASE = MINUTE;
/** Other instances, and commands under way, may seal with the key before for as long. */
export const STRAGGLERS = 10 * MINUTE;

/** `resealed`: so many; `broken`: so many do not open; `others`: found under another key than the newest, these included. */
export interface Pass {
  readonly resealed: number;
  readonly broken: number;
  readonly others: number;
}

/**
 * Goes once through every sealed secret and seals under the newest key what lies under an older one (R80). Null where
 * another process is at it, or uses a newer key than this one, and when it is time to stop. What changes meanwhile is
 * left as it is: it was sealed just now. A secret that does not open stays, and its key with it.
 */
export async function resealAll(
  deps: ResealDeps,
  holder = newId(deps.random),
  isStopping = () => false,
): Promise<Pass | null> {
  const { database, clock, seal } = deps;
  const startedAt = clock.now();
  const target = seal.activeKey;
  if (newestOf(await listKnownKeys(database.db))?.id !== target) return null;
  const keepLease = leaseKeeper(deps, holder);
  const goesOn = async () => !isStopping() && (await keepLease());
  const pass = await resealFrom(deps, target, goesOn);
  if (pass === null) return null;
  if (pass.broken > 0)
    deps.log.error({ count: pass.broken }, 'secrets that do not open could not be re-sealed');
  if (pass.others === 0) await letGo(deps, startedAt, target);
  await database.transaction((tx) => dropLease(tx, { name: LEASE_NAME, holder, now: clock.now() }));
  return pass;
}

async function resealFrom(
  deps: ResealDeps,
  target: string,
  goesOn: () => Promise<boolean>,
): Promise<Pass | null> {
  const { database, seal } = deps;
  const pass = { resealed: 0, broken: 0, others: 0 };
  for (const place of SEALED) {
    let after: readonly string[] | null = null;
    for (;;) {
      if (seal.activeKey !== target || !(await goesOn())) return null;
      const rows: SealedRow[] = await nextSealed(database.db, place, after, PAGE);
      await resealPage(deps, place, rows, target, pass);
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) break;
      after = place.key.map((name) => last[name] as string);
      await pause(BREATH_MS);
    }
  }
  return pass;
}

/** Asked with every page, written once in a while: a commit a page would cost more than the page. */
function leaseKeeper({ database, clock }: ResealDeps, holder: string): () => Promise<boolean> {
  let renewAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.now();
    if (now < renewAt) return true;
    renewAt = now + LEASE / 3;
    const claim = { name: LEASE_NAME, holder, now, until: now + LEASE };
    return database.transaction((tx) => takeLease(tx, claim));
  };
}

async function resealPage(
  { database, seal }: ResealDeps,
  place: SealedColumn,
  rows: readonly SealedRow[],
  target: string,
  pass: { resealed: number; broken: number; others: number },
): Promise<void> {
  const anew = rows.flatMap((row) => {
    const found = readSealed(place, row);
    if (found === null || keyIdOf(found.sealed) === target) return [];
    pass.others += 1;
    const sealed = sealAnew(seal, place, found);
    if (sealed === null) pass.broken += 1;
    return sealed === null ? [] : [{ row, text: withSealed(place, row, sealed) }];
  });
  if (anew.length === 0) return;
  const done = await database.transaction(async (tx) => {
    let count = 0;
    for (const { row, text } of anew) if (await replaceSealed(tx, place, row, text)) count += 1;
    return count;
  });
  pass.resealed += done;
}

function sealAnew(
  seal: Deps['seal'],
  place: SealedColumn,
  { sealed, about }: { readonly sealed: string; readonly about: SealedRow },
): string | null {
  const purpose = place.purpose(about);
  if (purpose === null) return null;
  const owner = place.owner(about);
  try {
    return seal.seal(purpose, owner, seal.open(purpose, owner, sealed));
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}

/** Nothing is sealed with the older keys, and nobody seals with them any more: a ring without them may start. */
async function letGo({ database, clock }: ResealDeps, startedAt: number, target: string): Promise<void> {
  const known = await listKnownKeys(database.db);
  const newest = newestOf(known);
  if (newest?.id !== target || startedAt < (newest.active_at ?? 0) + STRAGGLERS) return;
  const older = known.filter(({ id, retired_at }) => id !== target && retired_at === null);
  if (older.length === 0) return;
  const ofRecords = await keysOfRecords(database.db);
  for (const key of older) {
    if (ofRecords.has(key.id)) continue;
    await database.transaction((tx) => writeKnownKey(tx, { ...key, retired_at: clock.now() }));
  }
}

const LINKS = 5_000;

/** The chain is checked with the keys that it was made with, for as long as its records are kept (R73). */
async function keysOfRecords(db: Deps['database']['db']): Promise<Set<string>> {
  const cut = await db.selectFrom('audit_cut').select('key_id').executeTakeFirst();
  const found = new Set(cut ? [cut.key_id] : []);
  for (let after = 0; ; ) {
    const links = await nextLinkKeys(db, after, LINKS);
    for (const { key_id } of links) found.add(key_id);
    const last = links.at(-1);
    if (!last || links.length < LINKS) return found;
    after = last.position;
    await pause(BREATH_MS);
  }
}
