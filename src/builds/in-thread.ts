import { Worker } from 'node:worker_threads';
import { createLines } from '../kit/lines.ts';
import { Refusal } from '../kit/refusal.ts';

/** What a stranger's file may cost. Nobody waits meanwhile but who sent it. */
const LONGEST_MS = 10_000;
const MOST_MEMORY_MB = 64;
/** Threads at once: the pixels of a picture don't count in what a thread of its own may have. */
const AT_ONCE = 2;
/** Of one publisher. */
const MOST_WAITING = 20;

const waiting = createLines<() => void>(MOST_WAITING);
let running = 0;

/**
 * Runs a file of ours on data that may be made to hang, swell or crash whoever reads it: in a thread of its own with its own
 * memory, ended when it takes too long. It posts one message, the result. -> null when there is none. `whose`: each
 * publisher waits for the others' and not for all of who sends a hundred at once. @throws {Refusal} too_many_attempts
 */
export async function inThread<T>(file: URL, data: Uint8Array, whose: string): Promise<T | null> {
  await takeTurn(whose);
  try {
    return await run<T>(file, data);
  } finally {
    const next = waiting.next();
    if (next) next();
    else running--;
  }
}

async function takeTurn(whose: string): Promise<void> {
  if (running < AT_ONCE) {
    running++;
    return;
  }
  await new Promise<void>((resolve, reject) => {
    if (!waiting.join(whose, resolve)) reject(new Refusal('too_many_attempts', { retryAfter: 5 }));
  });
}

async function run<T>(file: URL, data: Uint8Array): Promise<T | null> {
  const thread = new Worker(file, {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    // Libraries like to remark on what they were given.
    stdout: true,
    stderr: true,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T | null>((resolve) => {
      timer = setTimeout(() => resolve(null), LONGEST_MS);
      thread.once('message', (result: T) => resolve(result));
      thread.once('error', () => resolve(null));
      thread.once('exit', () => resolve(null));
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
