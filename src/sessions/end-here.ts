import { countOnCommit } from '../database/count-on-commit.ts';
import type { Tx } from '../database/open.ts';
import { tokenHash } from '../kit/encoding.ts';
import { forget, type SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';
import { type Telling, tellClientsOfToken } from './session-clients.ts';

/** The cookies of a browser that is signed out, however far it had come. */
export const SIGNED_OUT: readonly SetCookie[] = forget('session', 'pending', 'enrolment');

/**
 * Signing in anew ends what this browser held before (R36): its session, and an enrolment that was not finished. A
 * pending sign-in is left alone: it opens nothing, and ends by itself. So is what a temporary pass of this same account
 * opened: the mail's link works once, and its person may try the password beside it. -> cookies to remove.
 */
export async function endWhatIsHere(
  tx: Tx,
  outbox: Telling,
  visit: Visit,
  accountId: string,
): Promise<SetCookie[]> {
  const { session, enrolment } = visit.cookies;
  const ended: SetCookie[] = [];
  if (session !== undefined) {
    await tellClientsOfToken(tx, outbox, tokenHash(session));
    const { numDeletedRows } = await tx
      .deleteFrom('session')
      .where('token_hash', '=', tokenHash(session))
      .executeTakeFirst();
    countOnCommit(tx, 'sessionsEnded', { why: 'ended' }, Number(numDeletedRows));
    ended.push(...forget('session'));
  }
  if (enrolment !== undefined && !(await isOwnPass(tx, tokenHash(enrolment), accountId, visit.now))) {
    // A consumed pass is what the session at hand is being made from.
    await tx
      .deleteFrom('enrolment_pass')
      .where('token_hash', '=', tokenHash(enrolment))
      .where('consumed_at', 'is', null)
      .execute();
    ended.push(...forget('enrolment'));
  }
  return ended;
}

async function isOwnPass(tx: Tx, hash: string, accountId: string, now: number): Promise<boolean> {
  const pass = await tx
    .selectFrom('enrolment_pass')
    .select('id')
    .where('token_hash', '=', hash)
    .where('account_id', '=', accountId)
    .where('recovery_id', 'is not', null)
    .where('consumed_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return pass !== undefined;
}
