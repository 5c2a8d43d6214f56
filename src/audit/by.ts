import type { Visit } from '../web/visit.ts';

/** Where a change comes from, and whose it is: an administrator's pseudonym, `operator`, `client:ID` of a program. */
export interface By {
  readonly place: Pick<Visit, 'now' | 'network' | 'browser' | 'requestId'>;
  readonly actor: string;
}
