import type { Clock } from '../../src/kit/clock.ts';

/** Moved by hand: nothing in a journey depends on how fast the machine is. */
export class ManualClock implements Clock {
  #now: number;
  constructor(start = Date.UTC(2026, 4, 3, 10, 0, 5)) {
    this.#now = start;
  }
  now(): number {
    return this.#now;
  }
  /** Milliseconds. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
