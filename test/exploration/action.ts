import type { Walker } from './walker.ts';
import type { Who } from './world.ts';

export interface Done {
  /** Whose security this may have changed, by what the walker knows was proven; without it: nobody's. */
  readonly mayChange?: Who | null;
  /** What happened though it must not. */
  readonly complaint?: string;
}

/** One thing that somebody can do. */
export interface Action {
  readonly name: string;
  /** Null where it can't even be tried here: there is no such code, key or link. */
  do(walker: Walker): Promise<Done | null>;
}
