import { dropLease, takeLease } from '../database/lease.ts';
import { putMeta, readMeta } from '../database/meta.ts';
import type { Db } from '../database/open.ts';
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
  const value = await readMeta(db, KEY);
  if (value === null) return null;
  const check = JSON.parse(value) as Check;
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
    const { now } = by.place;
    if (!(await takeLease(tx, { name: LEASE, holder, now, until: now + LEASE_LENGTH }))) return false;
    await putMeta(tx, KEY, JSON.stringify(check));
    return true;
  });
  if (!begun) return { finished: Promise.resolve() };
  const finished = run(deps, by, holder, check).catch((error: unknown) => {
    deps.log.error({ err: error }, 'the check of the audit chain was cut short');
  });
  return { finished };
}

async function run(deps: Deps, by: By, holder: string, check: Check): Promise<void> {
  const { database, clock } = deps;
  let told = clock.now();
  const verdict = await verifyAudit(deps, async (done, all) => {
    if (clock.now() - told < TELL_EVERY) return;
    const now = clock.now();
    told = now;
    await database.transaction(async (tx) => {
      await takeLease(tx, { name: LEASE, holder, now, until: now + LEASE_LENGTH });
      await putMeta(tx, KEY, JSON.stringify({ ...check, done, all } satisfies Check));
    });
  });
  const at = clock.now();
  const { ok, events } = verdict;
  const all = 2 * events;
  await database.transaction(async (tx) => {
    const last: Check = { ...check, done: all, all, verdict: { ...verdict, at } };
    await putMeta(tx, KEY, JSON.stringify(last));
    await dropLease(tx, { name: LEASE, holder, now: at });
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
