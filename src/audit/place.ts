import type { Visit } from '../web/visit.ts';

/** Where something comes from that is recorded or told of. */
export type Place = Pick<Visit, 'now' | 'network' | 'browser' | 'requestId'>;

/**
 * No request is behind it: a command, a start, an hourly round. Also for mails that tell a person what somebody else did:
 * where an administrator sits is none of their business.
 */
export function nowhere(now: number): Place {
  return { now, network: '', browser: '', requestId: '' };
}
