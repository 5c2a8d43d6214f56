import type { Clock } from '../../kit/clock.ts';
import { HOUR, MINUTE } from '../../kit/clock.ts';

export interface Remembered<T> {
  readonly value: T;
  /** When it was counted. */
  readonly at: number;
}

/** So long a figure is shown again instead of being counted anew: it decides nothing. */
const FRESH = MINUTE;
/** What takes longer to count than this is counted while the figure of before is shown, up to this age. */
const SLOW_MS = 250;
const OLD = HOUR;

/** In this process, for figures that cost too much to be counted with every look. A failure is forgotten at once. */
export function remember<T>(clock: Clock, count: () => Promise<T>): () => Promise<Remembered<T>> {
  let known: Remembered<T> | null = null;
  let slow = false;
  let counting: Promise<Remembered<T>> | null = null;

  async function countAnew(): Promise<Remembered<T>> {
    const at = clock.now();
    const start = performance.now();
    const value = await count();
    slow = performance.now() - start > SLOW_MS;
    known = { value, at };
    return known;
  }

  return async () => {
    const age = known ? clock.now() - known.at : Number.POSITIVE_INFINITY;
    if (known && age >= 0 && age < FRESH) return known;
    counting ??= countAnew().finally(() => {
      counting = null;
    });
    if (!known || !slow || age > OLD) return counting;
    counting.catch(() => {});
    return known;
  };
}
