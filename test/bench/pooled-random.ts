import { randomFillSync } from 'node:crypto';
import type { Random } from '../../src/kit/random.ts';

/** The operating system's generator, asked for 64 KiB at a time: seeding a million people wants millions of numbers. */
export function pooledRandom(): Random {
  let pool = Buffer.alloc(0);
  return {
    bytes(length) {
      if (pool.length < length) pool = randomFillSync(Buffer.alloc(65_536));
      const taken = pool.subarray(0, length);
      pool = pool.subarray(length);
      return taken;
    },
  };
}
