import { record } from '../audit/record.ts';
import { touchConsent } from '../clients/consent-store.ts';
import { insertGrant } from '../clients/grant-store.ts';
import { insertToken, type TokenRow } from '../clients/token-store.ts';
import type { Deps } from '../deps.ts';
import { noteClient } from '../sessions/session-clients.ts';
import { lockSession } from '../sessions/store.ts';
import { exchangeOf } from './exchange.ts';
import type { Library } from './library.ts';

/**
 * A code, and with it in one transaction what follows from it: the session knows its app, so that the app hears of the
 * session's end (R67). A session that ended a moment ago gives none.
 */
export async function issueCode(
  { database }: Deps,
  { Provider, errors }: Library,
  code: Omit<TokenRow, 'consumed_at'>,
  sid: string,
): Promise<void> {
  const { visit, who, grant } = exchangeOf(Provider.ctx!);
  if (!who || who.session.id !== code.session_id) throw new errors.LoginRequired();
  const now = code.created_at;
  await database.transaction(async (tx) => {
    if (!(await lockSession(tx, who.session.id))) throw new errors.LoginRequired();
    if (grant !== null && grant.id === code.grant_id) await insertGrant(tx, grant);
    await insertToken(tx, code);
    await touchConsent(tx, who.account.id, code.client_id, now);
    const first = await noteClient(tx, {
      sessionId: who.session.id,
      clientId: code.client_id,
      sid,
      now,
    });
    // Once for each session: an app that asks again every few minutes says nothing new.
    if (!first) return;
    await record(tx, visit, {
      event: 'app.signed_in',
      subject: who.account,
      method: who.session.amr,
      detail: { client: code.client_id },
    });
  });
}
