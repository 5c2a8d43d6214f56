// Plain JavaScript, nothing imported but Node's own.
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const LOOK_AGAIN_MS = 500;
/** Share of the time that the event loop may have been at work. */
const QUIET = 0.05;

/** Does `work` once, as soon as nothing else was done for half a second. */
export function whenQuiet(work, lookAgain = LOOK_AGAIN_MS) {
  let before = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    if (utilization > QUIET) return;
    clearInterval(timer);
    work();
  }, lookAgain);
  timer.unref();
}

/**
 * What it took to start, a sixth of the memory, goes back to the system. V8 would keep it until it is short of memory; it
 * takes a tenth of a second at most, in which nobody waits.
 */
export function letGo() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
