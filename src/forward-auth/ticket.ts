import { record } from '../audit/record.ts';
import type { Client } from '../clients/client.ts';
import type { Deps } from '../deps.ts';
import { SECOND } from '../kit/clock.ts';
import { sameText, tokenHash } from '../kit/encoding.ts';
import { newToken } from '../kit/random.ts';
import { Refusal } from '../kit/refusal.ts';
import type { SignedIn } from '../sessions/session.ts';
import { lockSession } from '../sessions/store.ts';
import type { Visit } from '../web/visit.ts';
import { claimTicket, insertTicket, putPresence } from './store.ts';

/** Long enough for two redirects, too short to be carried elsewhere. */
const TICKET_LIFETIME = 60 * SECOND;

/**
 * For somebody of whom the app demands nothing more. `beginHash`: of the cookie that their browser got at the host, so
 * that nobody can sign somebody else's browser in as themselves. @throws {Refusal} sign_in_required
 */
export async function giveTicket(
  { database, random }: Deps,
  { now }: Pick<Visit, 'now'>,
  { session }: SignedIn,
  client: Client,
  { beginHash, path }: { beginHash: string; path: string },
): Promise<string> {
  const ticket = newToken(random);
  await database.transaction(async (tx) => {
    // Signed out meanwhile, in another tab.
    if (!(await lockSession(tx, session.id))) throw new Refusal('sign_in_required');
    await insertTicket(tx, {
      ticket_hash: tokenHash(ticket),
      session_id: session.id,
      client_id: client.id,
      begin_hash: beginHash,
      return_path: path,
      expires_at: now + TICKET_LIFETIME,
    });
  });
  return ticket;
}

export interface Redeemed {
  /** For the cookie of this host. */
  readonly token: string;
  readonly path: string;
}

/**
 * Spent by whoever brings it first, even where it turns out not to be theirs. Null: used, too old, given for another
 * host or to another browser, or its session has ended.
 */
export async function redeemTicket(
  { database, random }: Deps,
  visit: Visit,
  client: Client,
  { ticket, begun }: { ticket: string; begun: string | undefined },
): Promise<Redeemed | null> {
  const token = newToken(random);
  return database.transaction(async (tx) => {
    const claimed = await claimTicket(tx, tokenHash(ticket), visit.now);
    if (!claimed || claimed.client_id !== client.id) return null;
    if (begun === undefined || !sameText(tokenHash(begun), claimed.begin_hash)) return null;
    const { session_id: sessionId, return_path: path } = claimed;
    await putPresence(tx, { tokenHash: tokenHash(token), sessionId, clientId: client.id, now: visit.now });
    await record(tx, visit, { event: 'app.signed_in', subject: claimed, detail: { client: client.id } });
    return { token, path };
  });
}
