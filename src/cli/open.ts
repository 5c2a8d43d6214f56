import { setTimeout as pause } from 'node:timers/promises';
import { minPasswordLength } from '../accounts/choose-password.ts';
import { createDeps } from '../app.ts';
import { sealAuditChain } from '../audit/chain.ts';
import { readConfig } from '../config.ts';
import type { Deps } from '../deps.ts';
import { createLog } from '../kit/log.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Call } from './command.ts';
import { withFields } from './explain.ts';
import { countUnsent } from './store.ts';

/**
 * A mail server that hangs must not hold the operator. After this long no further mail is begun, and `outbox.stop` gives
 * those under way 5 seconds more; what isn't through by then, the running server delivers.
 */
const PATIENCE_MS = 1_000;

/**
 * Opens what the running server has open too, for the length of one command. What the command queued is delivered
 * before it ends: no server may be running, and where one is, each mail goes to whoever claims it first.
 */
export async function withDeps<T>(call: Call, work: (deps: Deps) => Promise<T>): Promise<T> {
  // The answer alone belongs on stdout.
  const opened = await createDeps(readConfig(call.world.env), createLog('silent'));
  const { deps, hasQueued } = watchOutbox(opened);
  const start = deps.clock.now();
  try {
    return await work(deps);
  } catch (error) {
    if (!(error instanceof Refusal) || !error.detail.fields) throw error;
    throw withFields(error, await minPasswordLength(deps));
  } finally {
    await sealQuietly(deps);
    if (hasQueued()) await deliver(deps, call, start);
    await deps.database.close();
  }
}

function watchOutbox(deps: Deps): { deps: Deps; hasQueued(): boolean } {
  let queued = false;
  const outbox: Deps['outbox'] = {
    ...deps.outbox,
    enqueue(...parcel) {
      queued = true;
      return deps.outbox.enqueue(...parcel);
    },
  };
  return { deps: { ...deps, outbox }, hasQueued: () => queued };
}

/** The change is committed: that its mail has to wait is no failure of the command. */
async function deliver({ outbox, database, clock }: Deps, call: Call, since: number): Promise<void> {
  const giveUp = new AbortController();
  const patience = pause(PATIENCE_MS, undefined, { signal: giveUp.signal }).catch(() => {});
  await Promise.race([outbox.flush().catch(() => {}), patience]);
  giveUp.abort();
  await outbox.stop();
  const left = await countUnsent(database.db, since, clock.now()).catch(() => 1);
  if (left > 0)
    call.remark('A mail could not be delivered yet. It is queued, and the running server will try again.');
}

/** A running server does it within a second; where none runs, the next one would. */
async function sealQuietly(deps: Deps): Promise<void> {
  await sealAuditChain(deps).catch(() => {});
}
