import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { SignedIn } from '../sessions/session.ts';
import { endSession } from '../sessions/store.ts';
import type { Visit } from '../web/visit.ts';

/** Ends one of the person's own sessions, at once and everywhere (R50, R53). @throws {Refusal} not_found for anybody else's */
export async function endOwnSession(
  { database, outbox }: Deps,
  visit: Visit,
  { account }: SignedIn,
  id: string,
): Promise<void> {
  await database.transaction(async (tx) => {
    if (!(await endSession(tx, outbox, account.id, id))) throw new Refusal('not_found');
    await record(tx, visit, { event: 'session.ended', subject: account, detail: { count: 1 } });
  });
}
