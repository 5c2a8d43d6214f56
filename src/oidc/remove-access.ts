import { record } from '../audit/record.ts';
import { deleteConsent } from '../clients/consent-store.ts';
import { revokeGrantsOf } from '../clients/grant-store.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { SignedIn } from '../sessions/session.ts';
import { tellClientOf } from '../sessions/session-clients.ts';
import type { Visit } from '../web/visit.ts';

/**
 * What an app was allowed is taken back: grants, codes, refresh and access tokens are dead at once, in every session, and
 * the app is told (R68). @throws {Refusal} not_found where nothing was allowed
 */
export async function removeAccess(
  { database, outbox }: Deps,
  visit: Visit,
  { account }: SignedIn,
  clientId: string,
): Promise<void> {
  await database.transaction(async (tx) => {
    if (!(await deleteConsent(tx, account.id, clientId))) throw new Refusal('not_found');
    await tellClientOf(tx, outbox, account.id, clientId);
    await revokeGrantsOf(tx, account.id, clientId);
    await record(tx, visit, {
      event: 'app.access_removed',
      subject: account,
      detail: { client: clientId },
    });
  });
}
