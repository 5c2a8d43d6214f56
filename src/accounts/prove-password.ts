import type { AuditEvent } from '../audit/events.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { whileCrowded } from '../kit/pause.ts';
import { Refusal } from '../kit/refusal.ts';
import { knownHere } from '../sessions/known-browser.ts';
import {
  giveBackTry,
  reserveTry,
  settleRightTry,
  settleWrongTry,
  type Take,
  tooManyTries,
} from '../throttle/brake.ts';
import {
  type Brake,
  PASSWORD_FROM_KNOWN_BROWSER,
  PASSWORD_FROM_NETWORK,
  PASSWORD_ON_ACCOUNT,
  PASSWORD_SPRAY,
} from '../throttle/brakes.ts';
import { networkPrefix } from '../throttle/network.ts';
import type { Visit } from '../web/visit.ts';
import type { Account } from './account.ts';
import { standInFor } from './hash-spread.ts';

/**
 * The longest that a commit waits for others, in milliseconds. After the hash people would go on to their second step all
 * at once, and there wait for each other.
 */
const PATIENCE_MS = { beforeHash: 60, afterHash: 16 };

interface Counter {
  readonly key: string;
  readonly brake: Brake;
  /** A right password excuses the wrong ones before it; not so where many accounts share the counter. */
  readonly excused: boolean;
}

/** A password that was right. */
export interface ProvenPassword {
  /**
   * What the password was for, in one transaction with the end of the row of wrong ones, which comes first: the order of
   * locks. Where `work` refuses, the row ends alone: a right password leaves no try undecided behind.
   */
  within<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/**
 * Checks a password on any surface: spends a try in each counter, commits, and only then hashes (R59, R60). An unknown
 * account takes the same time and meets the same waits as a known one (R55). -> null when it is wrong, which is then
 * recorded and committed. @throws {Refusal} too_many_attempts, busy
 */
export async function provePassword(
  deps: Deps,
  visit: Visit,
  account: Account | null,
  addressKey: string,
  password: string,
  event: AuditEvent,
): Promise<ProvenPassword | null> {
  const counters = await countersFor(deps, visit, account, addressKey);
  const standIn = await standInFor(deps, addressKey);
  await spendAll(deps, visit, counters);
  const usable = account !== null && account.suspended_at === null ? account.password_hash : null;
  const right = await verifyOrGiveBack(deps, counters, () => deps.hasher.verify(usable, password, standIn));
  if (right && account !== null) {
    return { within: (work) => excusing(deps, counters, work) };
  }
  const now = deps.clock.now();
  await deps.database.transaction(
    async (tx) => {
      let waits = false;
      for (const { key, brake } of counters) waits = (await settleWrongTry(tx, key, brake, now)) || waits;
      await record(tx, visit, { event, outcome: 'failure', subject: account, method: 'pwd' });
      // Once, when the wait begins: what is tried during it must not fill the records.
      if (waits)
        await record(tx, visit, { event: 'sign_in.password_wait', outcome: 'failure', subject: account });
    },
    whileHashing(deps, PATIENCE_MS.afterHash),
  );
  return null;
}

/**
 * Where hashes queue for a core, what stands before and after one may share a sync with others: the queue is longer
 * than that, and the processor is what everybody waits for.
 */
function whileHashing({ hasher }: Pick<Deps, 'hasher'>, most: number): { patience: number } {
  return { patience: Math.min(most, Math.floor(hasher.backlog() / 3)) };
}

/** A full queue checks nothing, so the try comes back: a busy minute must not lock anybody out. */
async function verifyOrGiveBack(deps: Deps, counters: readonly Counter[], verify: () => Promise<boolean>) {
  try {
    return await verify();
  } catch (error) {
    await deps.database.transaction(async (tx) => {
      for (const { key } of counters) await giveBackTry(tx, key);
    });
    throw error;
  }
}

async function countersFor(
  deps: Deps,
  visit: Visit,
  account: Account | null,
  addressKey: string,
): Promise<Counter[]> {
  // Unknown addresses are counted under a keyed fingerprint: the table must not become a list of guesses.
  const subject = account?.id ?? deps.seal.mac('throttle', addressKey);
  const since = account ? await knownHere(deps.database.db, visit, account.id) : null;
  if (since !== null) {
    return [
      { key: `password/${subject}/browser/${since}`, brake: PASSWORD_FROM_KNOWN_BROWSER, excused: true },
    ];
  }
  const network = networkPrefix(visit.network);
  return [
    { key: `password/${subject}/network/${network}`, brake: PASSWORD_FROM_NETWORK, excused: true },
    { key: `password/${subject}/all`, brake: PASSWORD_ON_ACCOUNT, excused: true },
    { key: `spray/${network}`, brake: PASSWORD_SPRAY, excused: false },
  ];
}

async function spendAll(deps: Deps, visit: Visit, counters: readonly Counter[]): Promise<void> {
  const take = await whileCrowded(() =>
    deps.database.transaction(
      (tx) => reserveAll(tx, counters, visit.now),
      whileHashing(deps, PATIENCE_MS.beforeHash),
    ),
  );
  if (take?.kind === 'taken') return;
  throw tooManyTries(take);
}

/** All or nothing: a try that one counter refuses is taken from none. */
async function reserveAll(tx: Tx, counters: readonly Counter[], now: number): Promise<Take> {
  const taken: Counter[] = [];
  for (const counter of counters) {
    const take = await reserveTry(tx, counter.key, counter.brake, now);
    if (take.kind !== 'taken') {
      for (const { key } of taken) await giveBackTry(tx, key);
      return take;
    }
    taken.push(counter);
  }
  return { kind: 'taken' };
}

async function excusing<T>(
  deps: Deps,
  counters: readonly Counter[],
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  try {
    return await deps.database.transaction(
      async (tx) => {
        await excuse(tx, counters);
        return work(tx);
      },
      whileHashing(deps, PATIENCE_MS.afterHash),
    );
  } catch (error) {
    if (error instanceof Refusal) await deps.database.transaction((tx) => excuse(tx, counters));
    throw error;
  }
}

async function excuse(tx: Tx, counters: readonly Counter[]): Promise<void> {
  for (const { key, excused } of counters) {
    if (excused) await settleRightTry(tx, key);
    else await giveBackTry(tx, key);
  }
}
