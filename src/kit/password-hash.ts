import { availableParallelism } from 'node:os';
import { argon2 } from './argon2.ts';
import { foreignText } from './foreign-hash.ts';
import { type Meters, noMeters } from './meters.ts';
import type { Random } from './random.ts';
import { Refusal } from './refusal.ts';
import { verifyForeignHash } from './verify-foreign-hash.ts';
import { yieldToRequests } from './worker-priority.ts';

export interface Argon2Parameters {
  /** Memory in KiB. */
  readonly m: number;
  readonly t: number;
  readonly p: number;
}

export interface PasswordHasher {
  /** -> PHC text `$argon2id$v=19$m=…`. @throws {Refusal} busy */
  hash(password: string): Promise<string>;
  /**
   * `stored`: a hash of ours, or one of another system that an import brought (`foreign-hash.ts`). Costs the same when it
   * is null, so that an unknown account takes as long as a known one (R55); `standIn` is then hashed in its place.
   */
  verify(stored: string | null, password: string, standIn?: string | null): Promise<boolean>;
  /** How long the hashes that wait for a core will take, in milliseconds, roughly: 0 while there is a free one. */
  backlog(): number;
  /** True when a stored hash is another system's, or has other parameters than today's (R3). */
  isOutdated(stored: string): boolean;
  /** What a hash costs today: `m=19456,t=2,p=1`. */
  readonly cost: string;
  /**
   * A bare hash with a given salt, base64url: one hash a try over a whole set of recovery codes (R24). It does not say
   * what it cost, so whoever keeps it has to.
   */
  digest(text: string, salt: Buffer, cost: string): Promise<string>;
}

/** Hashes wait here beyond this many; a longer queue answers 503 rather than growing (R3). */
const QUEUE_LIMIT = 256;

/**
 * argon2id with at most one hash per core at once (R3): more would only fight over the memory bus. The queue is kept here
 * and not in the thread pool, so that files and names wait there for one hash at most (decision 35).
 */
export function createPasswordHasher(
  parameters: Argon2Parameters,
  random: Random,
  atOnce = availableParallelism(),
  meters: Meters = noMeters,
): PasswordHasher {
  const options = optionsFor(parameters);
  const queue: (() => void)[] = [];
  let running = 0;
  /** What the latest hash took, in milliseconds, its turn in the queue not counted. */
  let latest = 0;
  const cost = `m=${parameters.m},t=${parameters.t},p=${parameters.p}`;
  const nobody = likeOurs(`$argon2id$v=19$${cost}`);
  meters.watch('hashesRunning', () => running);
  meters.watch('hashesWaiting', () => queue.length);

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    if (running >= atOnce) {
      if (queue.length >= QUEUE_LIMIT) {
        meters.count('hashesRefused', {});
        throw new Refusal('busy', { retryAfter: 5 });
      }
      await new Promise<void>((resolve) => queue.push(resolve));
    } else {
      running++;
    }
    const working = performance.now();
    try {
      return await work();
    } finally {
      latest = performance.now() - working;
      meters.took('hash', performance.now() - begun);
      yieldToRequests();
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  }

  return {
    hash: (password) =>
      inTurn(() => argon2().hash(prepare(password), { ...options, salt: random.bytes(16) })),
    async verify(stored, password, standIn = null) {
      const against = stored ?? standIn ?? nobody;
      const foreign = foreignText(against);
      const right = await inTurn(() =>
        foreign === null ? argon2().verify(against, prepare(password)) : verifyForeignHash(foreign, password),
      );
      return right && stored !== null;
    },
    backlog: () => (queue.length / atOnce) * latest,
    isOutdated(stored) {
      if (foreignText(stored) !== null) return true;
      const found = argon2().parseOptions(stored);
      return (
        found.memoryCost !== parameters.m ||
        found.timeCost !== parameters.t ||
        found.parallelism !== parameters.p
      );
    },
    cost,
    digest: (text, salt, cost) =>
      inTurn(async () => (await argon2().hashRaw(text, { ...optionsOf(cost), salt })).toString('base64url')),
  };
}

const SALT = 'A'.repeat(22);
const DIGEST = 'A'.repeat(43);

/** A hash such as ours that no password meets: `kind` is `$argon2id$v=19$m=19456,t=2,p=1`. */
export function likeOurs(kind: string): string {
  return `${kind}$${SALT}$${DIGEST}`;
}

/** NFKC and nothing else: no trim, no case fold (R4), the same when set and when checked. */
function prepare(password: string): string {
  return password.normalize('NFKC');
}

function optionsFor({ m, t, p }: Argon2Parameters) {
  return { memoryCost: m, timeCost: t, parallelism: p };
}

function optionsOf(cost: string) {
  const [m, t, p] = (/^m=(\d+),t=(\d+),p=(\d+)$/.exec(cost) ?? []).slice(1).map(Number);
  if (!m || !t || !p) throw new Error(`no cost of a hash: ${cost}`);
  return optionsFor({ m, t, p });
}
