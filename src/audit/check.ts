import type { Db, Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { MINUTE, SECOND } from '../kit/clock.ts';
import { newId } from '../kit/random.ts';
import type { By } from './by.ts';
import { record } from './record.ts';
import { verifyAudit } from './verify.ts';

/** The last check of the chain, or the one that runs. */
export interface Check {
  readonly startedAt: number;
  /** Pseudonym of the administrator. */
  readonly by: string;
  /** Looks done, and of how many. */
  readonly done: number;
  readonly all: number;
  /** Null while it runs. */
  readonly verdict: {
    readonly at: number;
    readonly ok: boolean;
    readonly events: number;
    readonly head: string | null;
    readonly problems: readonly string[];
  } | null;
}

export interface CheckNow extends Check {
  /** `broken-off`: its process ended before it did. */
  readonly state: 'running' | 'done' | 'broken-off';
}

const KEY = 'audit/check';
const LEASE = 'audit-check';
/** A process that has told nothing for so long has ended. */
const LEASE_LENGTH = MINUTE;
const TELL_EVERY = SECOND;

/** The last check, whichever process ran or runs it; null where there was none. */
export async function readCheck(db: Db, now: number): Promise<CheckNow | null> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst();
  if (!row) return null;
  const check = JSON.parse(row.value) as Check;
  if (check.verdict !== null) return { ...check, state: 'done' };
  const lease = await db.selectFrom('lease').select('until_at').where('name', '=', LEASE).executeTakeFirst();
  return { ...check, state: lease && lease.until_at > now ? 'running' : 'broken-off' };
}

/**
 * Begins to check the whole chain behind the answer, unless a check runs already, in this process or another. -> resolves
 * when it has begun; `finished` when it is through, whatever came of it.
 */
export async function startCheck(deps: Deps, by: By): Promise<{ finished: Promise<void> }> {
  const holder = newId(deps.random);
  const check: Check = { startedAt: by.place.now, by: by.actor, done: 0, all: 0, verdict: null };
  const begun = await deps.database.transaction(async (tx) => {
    if (!(await claimLease(tx, holder, by.place.now))) return false;
    await putCheck(tx, check);
    return true;
  });
  if (!begun) return { finished: Promise.resolve() };
  const finished = run(deps, by, holder, check).catch((error: unknown) => {
    deps.log.error({ err: error }, 'the check of the audit chain broke off');
  });
  return { finished };
}

async function run(deps: Deps, by: By, holder: string, check: Check): Promise<void> {
  const { database, clock } = deps;
  let told = clock.now();
  const verdict = await verifyAudit(deps, async (done, all) => {
    if (clock.now() - told < TELL_EVERY) return;
    told = clock.now();
    await database.transaction(async (tx) => {
      await extendLease(tx, holder, told + LEASE_LENGTH);
      await putCheck(tx, { ...check, done, all });
    });
  });
  const at = clock.now();
  const { ok, events } = verdict;
  const all = 2 * events;
  await database.transaction(async (tx) => {
    await putCheck(tx, { ...check, done: all, all, verdict: { ...verdict, at } });
    await extendLease(tx, holder, at);
    await record(
      tx,
      { ...by.place, now: at },
      {
        event: 'audit.checked',
        outcome: ok ? 'success' : 'failure',
        subject: null,
        actor: by.actor,
        detail: { events },
      },
    );
  });
}

/** One winner over all processes. */
async function claimLease(tx: Tx, holder: string, now: number): Promise<boolean> {
  const until_at = now + LEASE_LENGTH;
  const result = await tx
    .insertInto('lease')
    .values({ name: LEASE, holder, until_at })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({ holder, until_at }).where('lease.until_at', '<=', now),
    )
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

async function extendLease(tx: Tx, holder: string, until_at: number): Promise<void> {
  const mine = tx.updateTable('lease').set({ until_at }).where('name', '=', LEASE);
  await mine.where('holder', '=', holder).execute();
}

async function putCheck(tx: Tx, check: Check): Promise<void> {
  const value = JSON.stringify(check);
  await tx
    .insertInto('meta')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}
