import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes after which it is worth a millisecond. */
const STEP = 8 * 1024 * 1024;

type Collect = (options: { type: 'minor' }) => void;
let collect: Collect | undefined;

/**
 * For who streams gigabytes through this process: V8 sees small objects, whose bytes lie outside its heap, and waits
 * until 64 MB of them have gathered. To be told of every piece that is done with; now and then it clears the young ones
 * away, a millisecond each time.
 */
export function bufferCollector(): (bytes: number) => void {
  let passed = 0;
  return (bytes) => {
    passed += bytes;
    if (passed < STEP) return;
    passed = 0;
    collect ??= reach();
    collect({ type: 'minor' });
  };
}

/** V8 gives its collector to a new context only, and only when asked to. */
function reach(): Collect {
  setFlagsFromString('--expose-gc');
  const found = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  return found;
}
