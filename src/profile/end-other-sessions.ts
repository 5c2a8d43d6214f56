import { lockAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import type { SignedIn } from '../sessions/session.ts';
import { endSessions } from '../sessions/store.ts';
import type { Visit } from '../web/visit.ts';

/** Every session but this one, and every half-finished sign-in. */
export async function endOtherSessions(
  { database, outbox }: Deps,
  visit: Visit,
  { account, session }: SignedIn,
): Promise<void> {
  await database.transaction(async (tx) => {
    // Two browsers that end each other's session at once would else wait for one another.
    await lockAccount(tx, account.id);
    const count = await endSessions(tx, outbox, account.id, session.id);
    await record(tx, visit, { event: 'session.ended', subject: account, detail: { count } });
  });
}
