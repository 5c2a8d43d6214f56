import type { Place } from './place.ts';

/** Where a change comes from, and whose it is: an administrator's pseudonym, `operator`, `client:ID` of a program. */
export interface By {
  readonly place: Place;
  readonly actor: string;
}
