import { watchKeyFile } from '../database/key-file.ts';
import { listKnownKeys } from '../database/key-ledger.ts';
import type { Deps } from '../deps.ts';
import { HOUR, SECOND } from '../kit/clock.ts';
import { newId } from '../kit/random.ts';
import type { KeyRing } from '../kit/seal.ts';
import { registerActiveKey } from './register-key.ts';
import { resealAll, STRAGGLERS } from './reseal.ts';

const EVERY = 5 * SECOND;

export interface KeyWatch {
  start(): void;
  stop(): Promise<void>;
  /** One look at the file, and a pass over what is sealed where one is due. */
  look(): Promise<void>;
}

/**
 * Takes over a ring that was changed while this process runs, and seals anew what lies under its older keys (R80). A new
 * active key is noted in the database first and used then. Every process runs one; a lease leaves the passes to one.
 */
export function createKeyWatch(deps: Deps): KeyWatch {
  const { seal, config, clock, log } = deps;
  const holder = newId(deps.random);
  const changed = config.keys === null ? watchKeyFile(config.keysFile) : () => null;
  /** Seen, and not taken over yet: the database may be away just then. */
  let due: KeyRing | null = null;
  let running = false;
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();
  let passDueAt = Number.NEGATIVE_INFINITY;
  let complained = false;

  async function look(): Promise<void> {
    const ring = changed();
    if (ring) seal.learn(ring);
    due = ring ?? due;
    if (due) await takeOver(due);
    due = null;
    // Of a single key there is nothing to seal anew: the usual case costs nothing.
    if (seal.keyIds.length > 1 && clock.now() >= passDueAt) await pass();
  }

  async function takeOver(ring: KeyRing): Promise<void> {
    if (ring.active !== seal.activeKey) {
      await registerActiveKey(deps, ring);
      seal.activate(ring.active);
      passDueAt = Number.NEGATIVE_INFINITY;
      log.info({ active: ring.active }, 'the key ring has a new active key');
    }
    await forgetRetired(ring);
  }

  /** What was taken out of the file while something is still sealed with it stays open until the next start. */
  async function forgetRetired(ring: KeyRing): Promise<void> {
    if (seal.keyIds.every((id) => ring.keys.has(id))) return;
    const known = await listKnownKeys(deps.database.db);
    for (const { id, retired_at } of known) if (retired_at !== null && !ring.keys.has(id)) seal.forget(id);
  }

  async function pass(): Promise<void> {
    // Also when it fails, or another process is at it.
    passDueAt = clock.now() + STRAGGLERS;
    const done = await resealAll(deps, holder, () => stopping);
    if (done === null) return;
    if (done.others === 0) passDueAt = clock.now() + HOUR;
    if (done.resealed > 0) log.info({ count: done.resealed, active: seal.activeKey }, 're-sealed');
  }

  async function tick(): Promise<void> {
    try {
      await look();
      complained = false;
    } catch (error) {
      if (!complained) log.error({ err: error }, 'the key ring could not be looked after');
      complained = true;
    }
    if (running) schedule();
  }

  function schedule(): void {
    timer = setTimeout(() => {
      round = tick();
    }, EVERY).unref();
  }

  return {
    look,
    start() {
      running = true;
      stopping = false;
      schedule();
    },
    async stop() {
      running = false;
      stopping = true;
      clearTimeout(timer);
      await round;
    },
  };
}
