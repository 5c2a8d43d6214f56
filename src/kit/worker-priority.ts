import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Below the event loop, above nothing else that matters. */
const NICENESS = 10;

let done = false;

/**
 * Lets the event loop go before the threads that hash: with all cores hashing, the second step of somebody else would
 * otherwise wait for its turn on the processor. Linux only, where a thread has a priority of its own; called once a
 * hash has been made, since the threads exist from then on.
 */
export function yieldToRequests(): void {
  if (done || process.platform !== 'linux') return;
  done = true;
  try {
    for (const id of readdirSync('/proc/self/task')) {
      const name = readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim();
      if (name === 'libuv-worker') setPriority(Number(id), NICENESS);
    }
  } catch {
    // A sandbox that hides /proc or forbids it: everything works, only less evenly.
  }
}
