import { localeOf } from '../accounts/account.ts';
import { record } from '../audit/record.ts';
import type { Client } from '../clients/client.ts';
import { findConsent, putConsent } from '../clients/consent-store.ts';
import { insertGrant } from '../clients/grant-store.ts';
import type { Deps } from '../deps.ts';
import { newId } from '../kit/random.ts';
import { notify } from '../notices/notify.ts';
import type { SignedIn } from '../sessions/session.ts';
import type { Visit } from '../web/visit.ts';
import { describeScopes } from './describe-scopes.ts';
import type { FoundInteraction } from './interaction-store.ts';
import { OFFLINE_GRANT } from './lifetimes.ts';
import { claimsToAllow, scopesToAllow } from './request.ts';
import { inWords } from './scopes.ts';

const joined = (...lists: readonly (readonly string[])[]): string => [...new Set(lists.flat())].join(' ');

/**
 * What this request asks for is allowed, and remembered for the next one; a mail tells of the first time (R68).
 * -> the grant that the answer rests on
 */
export async function allowApp(
  deps: Deps,
  visit: Visit,
  { account, session }: SignedIn,
  client: Client,
  { payload: { params } }: FoundInteraction,
): Promise<string> {
  const scopes = scopesToAllow(params);
  const claims = claimsToAllow(params);
  const offline = scopes.includes('offline_access');
  const may = await describeScopes(deps.database.db, localeOf(account) ?? 'en', account, scopes, claims);
  const id = newId(deps.random);
  await deps.database.transaction(async (tx) => {
    const before = await findConsent(tx, account.id, client.id);
    await putConsent(tx, {
      account_id: account.id,
      client_id: client.id,
      // Going on without a session is allowed anew every time, and not by having been allowed once.
      scope: joined(
        inWords(before?.scope ?? ''),
        scopes.filter((scope) => scope !== 'offline_access'),
      ),
      claims: joined(inWords(before?.claims ?? ''), claims),
      created_at: visit.now,
      last_used_at: visit.now,
    });
    await insertGrant(tx, {
      id,
      account_id: account.id,
      client_id: client.id,
      session_id: session.id,
      offline: Number(offline),
      scope: scopes.join(' '),
      claims: claims.join(' '),
      created_at: visit.now,
      expires_at: offline ? visit.now + OFFLINE_GRANT : session.expires_at,
    });
    const detail = { client: client.id, scope: scopes.join(' ') };
    await record(tx, visit, { event: 'app.allowed', subject: account, detail });
    if (before) return;
    const told = { kind: 'access_granted' as const, app: client.name, may };
    await notify(tx, deps, visit, account, told, { sessionId: session.id });
  });
  return id;
}
