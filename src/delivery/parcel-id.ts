import type { Clock } from '../kit/clock.ts';
import type { Random } from '../kit/random.ts';

/**
 * Ids of 128 bits that sort by the moment they were made, also within one millisecond: parcels are sent, and stand in
 * the mailbox, in the order in which they were queued. Not a secret.
 */
export function parcelIds({ clock, random }: { clock: Clock; random: Random }): () => string {
  let last = 0;
  let count = 0;
  return () => {
    const now = clock.now();
    count = now > last ? 0 : count + 1;
    last = Math.max(last, now);
    if (count > 0xffff) {
      last++;
      count = 0;
    }
    return (
      last.toString(16).padStart(12, '0') +
      count.toString(16).padStart(4, '0') +
      random.bytes(8).toString('hex')
    );
  };
}
