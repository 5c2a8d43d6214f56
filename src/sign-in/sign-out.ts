import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { tokenHash } from '../kit/encoding.ts';
import { endEnrolment, enrolmentHere } from '../sessions/enrolment-pass.ts';
import { cancelPending, findPending } from '../sessions/pending.ts';
import { endSession, findSession } from '../sessions/store.ts';
import type { Visit } from '../web/visit.ts';

/** Ends whatever this browser holds: a session, a half-finished sign-in, an enrolment. Signing out twice is fine. */
export async function signOut({ database, outbox }: Deps, visit: Visit): Promise<void> {
  const { session, pending } = visit.cookies;
  const signedIn = session ? await findSession(database.db, tokenHash(session)) : null;
  const half = pending ? await findPending(database.db, tokenHash(pending), visit.now) : null;
  const enrolling = await enrolmentHere(database.db, visit);
  if (!signedIn && !half && !enrolling) return;
  await database.transaction(async (tx) => {
    if (half) await cancelPending(tx, half.id);
    if (enrolling) await endEnrolment(tx, enrolling.pass.id);
    if (!signedIn) return;
    await endSession(tx, outbox, signedIn.account.id, signedIn.session.id);
    await record(tx, visit, { event: 'sign_out', subject: signedIn.account });
  });
}
