import type { Tx } from '../database/open.ts';
import { tokenHash } from '../kit/encoding.ts';
import type { SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';
import { type Telling, tellClientsOfToken } from './session-clients.ts';

/**
 * Signing in anew ends what this browser held before (R36): its session, and an enrolment that was not finished. A
 * pending sign-in is left alone: it opens nothing, and ends by itself.
 */
export async function endWhatIsHere(tx: Tx, outbox: Telling, visit: Visit): Promise<void> {
  const { session, enrolment } = visit.cookies;
  if (session) {
    await tellClientsOfToken(tx, outbox, tokenHash(session));
    await tx.deleteFrom('session').where('token_hash', '=', tokenHash(session)).execute();
  }
  if (enrolment) {
    // A consumed pass is what the session at hand is being made from.
    await tx
      .deleteFrom('enrolment_pass')
      .where('token_hash', '=', tokenHash(enrolment))
      .where('consumed_at', 'is', null)
      .execute();
  }
}

/** Removes the cookies of what `endWhatIsHere` ended, where there were any. */
export function clearedCookies(visit: Visit): SetCookie[] {
  return ['session', 'enrolment']
    .filter((name) => visit.cookies[name] !== undefined)
    .map((name) => ({ name, value: null }));
}
