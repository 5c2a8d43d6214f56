import type { Visit } from '../web/visit.ts';

/** Where a change comes from, and whose it is: an administrator's pseudonym, `operator`, an API client's id. */
export interface By {
  readonly place: Pick<Visit, 'now' | 'network' | 'browser' | 'requestId'>;
  readonly actor: string;
}
