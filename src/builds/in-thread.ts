import { Worker } from 'node:worker_threads';

/** What a stranger's file may cost. Nobody waits meanwhile but who sent it. */
const LONGEST_MS = 10_000;
const MOST_MEMORY_MB = 64;

/**
 * Runs a file of ours on data that may be made to hang, swell or crash whoever reads it: in a thread of its own with its own
 * memory, ended when it takes too long. It posts one message, the result. -> null when there is none.
 */
export async function inThread<T>(file: URL, data: Uint8Array): Promise<T | null> {
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
